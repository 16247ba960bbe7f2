# byte-compare results between main and merge
cd /tmp; rm -rf /tmp/ma /tmp/mb
PYTHONPATH=/work/main/src POSADA_CACHE=/tmp/posada-cache-main /work/main/.venv/bin/python -m posada.cli run caravan-2018 --replicates 20 --out /tmp/ma --json > /tmp/ma.json
PYTHONPATH=/tmp/merge/src POSADA_CACHE=/tmp/posada-cache-perf /work/main/.venv/bin/python -m posada.cli run caravan-2018 --replicates 20 --out /tmp/mb --json > /tmp/mb.json
cat /tmp/ma/timing.json /tmp/mb/timing.json
/work/main/.venv/bin/python - <<'PY'
import polars as pl
for t in ('stocks','flows','waits','outcomes','background'):
    a=pl.read_parquet(f'/tmp/ma/{t}.parquet'); b=pl.read_parquet(f'/tmp/mb/{t}.parquet')
    key=[c for c in a.columns if c not in('people','parties','people_mean','people_max','sum_days')]
    a=a.with_columns(pl.col(pl.Enum).cast(str) if False else pl.all()); 
    print(t,a.shape,b.shape, a.sort(key).equals(b.sort(key)) if a.shape==b.shape else 'DIFF', a.select(pl.col('people').sum()).item() if 'people' in a.columns else '', b.select(pl.col('people').sum()).item() if 'people' in b.columns else '')
PY
