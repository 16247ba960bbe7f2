"""The blocks of a page as Markdown, for documentation and repositories; pictures stand beside it as SVG files."""

from __future__ import annotations

from collections.abc import Sequence

from posada.report.blocks import Bullets, Figure, Section, Table, Text


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """A page: paragraphs, lists, tables, and figures as links to `ID.svg`."""
    parts = [f"# {title}"]
    for section in sections:
        parts.append(f"## {section.title}")
        parts += [block_text(block) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def block_text(block: object) -> str:
    """One block."""
    match block:
        case Text():
            return f"**{block.strong}** {block.text}" if block.strong else block.text
        case Bullets():
            return "\n".join(f"- **{strong}** {text}" if strong else f"- {text}" for strong, text in block.items)
        case Table():
            return table_text(block)
        case Figure():
            key = "".join(f"\n- {text} ({shape})" for shape, text in block.key)
            return f"![{block.title}]({block.id}.svg)\n\n{block.text}" + (f"\n{key}" if key else "")
    raise TypeError(f"a {type(block).__name__} has no Markdown")


def table_text(table: Table) -> str:
    """A table under its caption, numbers flush right."""
    rules = ["---:" if i in table.numeric else "---" for i in range(len(table.columns))]
    rows = [table.columns, rules, *table.rows]
    return f"**{table.caption}**\n\n" + "\n".join(f"| {' | '.join(map(cell, row))} |" for row in rows)


def cell(text: str) -> str:
    """The text of a cell, which may not end it."""
    return text.replace("|", "\\|").replace("\n", " ")
