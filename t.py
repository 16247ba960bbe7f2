import sys; sys.path.insert(0,'/tmp/merge/src')
import time, numpy as np, os
os.environ.setdefault('POSADA_CACHE','/tmp/posada-cache-perf')
from posada.scenario import load
from posada.engine import *
from posada.engine import run as R
s=load(sys.argv[1]); c=compile_scenario(s)
compiled_functions()
n=1
seeds=np.array([1],dtype=np.uint64)
m=matrix(c.columns,draw_z(c.columns,seeds),1)
st=new_state(c.program,c.sizes)
for i in range(2):
    t=time.process_time(); raw,st=simulate(c.program,c.sizes,m[0],1,st,explain=lambda a,b:Exception(a)); d=time.process_time()-t
    h=raw.head[0]
    print('people',h['set_out'],'events',h['events'],'sec',round(d,3),'ev/s M',round(h['events']/d/1e6,2), 'parties',h['parties_n'],len(st.heap),len(st.tally), len(st.stocks))
from posada.engine.kernel.tables import *
f=compiled_functions()
R.reset(st,c.sizes); st.values[:]=m[0]
w=addresses(c.program,PROGRAM_TYPES); hh=addresses(st,STATE_TYPES)
t=time.process_time(); f['begin'](w,hh,np.uint64(1)); r=f['advance'](w,hh,float(c.program.head['end'][0]),10**12); d=time.process_time()-t
print('kernel only',r,round(d,3),round(st.head['events'][0]/d/1e6,2))
