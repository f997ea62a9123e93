"""The source files of one import: how each is written, what its values prove, and look-ups into others."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from pipeline.intake import organisation
from pipeline.intake.cells import Reading
from pipeline.intake.columns import Kind
from pipeline.intake.expressions import Header, Join, MappingError
from pipeline.intake.files import Refused, SourceFile
from pipeline.intake.mapping import ORGANISATION, Block, Mapping, bundle_block
from pipeline.intake.moments import Clock
from pipeline.intake.proof import Proof, Unproved
from pipeline.intake.reading import Layout, layout_of
from pipeline.intake.rejects import Rejects
from pipeline.intake.tables import tables

DATED = (Kind.DATE, Kind.MOMENT)


class Sources:
    """What a mapping finds in these files. `home`, the organisation's zone, is set before dates are read."""

    def __init__(self, files: dict[str, SourceFile], mapping: Mapping):
        self.files, self.mapping = _called_by_stem(files, mapping), mapping
        self.home = ZoneInfo("UTC")
        self.listed = [block for block in mapping.blocks if self._has(block)]
        self._layouts: dict[str, Layout] = {}
        self._styles: dict[str, tuple[str, str]] = {}
        self._used: dict[str, set[str]] = {}
        if mapping.is_bundle:
            mapped = {block.table for block in mapping.blocks}
            self.listed += [
                bundle_block(n, self.layout(n).header) for n in tables() if n in files and n not in mapped
            ]
        self._note_used()
        if not any(block.source for block in self.listed) and not self._has_organisation():
            raise Refused(_("none of these files is one that %(mapping)s knows") % {"mapping": mapping.name})

    def _has(self, block: Block) -> bool:
        if block.source is None or block.source in self.files:
            return True
        if block.is_optional:
            return False
        raise Refused(
            _("%(file)s.csv is missing, %(place)s is read from it")
            % {"file": block.source, "place": block.place}
        )

    def _has_organisation(self) -> bool:
        return self.mapping.is_bundle and ORGANISATION in self.files

    def _note_used(self) -> None:
        for block in self.listed:
            parts = [*block.columns.values(), *(one.of for one in block.where)]
            if block.source:
                self._used.setdefault(block.source, set()).update(*(part.source_columns() for part in parts))
            for join in (join for part in parts for join in part.joins()):
                self._used.setdefault(join.file, set()).update({join.key, join.column})

    def blocks(self) -> dict[str, list[Block]]:
        """Blocks by our file, in writing order."""
        by_table: dict[str, list[Block]] = {}
        for name in tables():
            listed = [block for block in self.listed if block.table == name]
            if listed:
                by_table[name] = listed
        return by_table

    def settings(self, rejects: Rejects) -> list[organisation.Value]:
        found = organisation.constants(self.mapping.organisation)
        if self._has_organisation():
            found += organisation.values_in(self.layout(ORGANISATION), rejects)
        return found

    def layout(self, stem: str) -> Layout:
        if stem not in self._layouts:
            if stem not in self.files:
                raise Refused(_("%(file)s.csv is missing") % {"file": stem})
            style = self.mapping.style_of(stem)
            expected = self._used.get(stem) or self._bundle_columns(stem)
            self._layouts[stem] = layout_of(self.files[stem], expected, style.encoding, style.delimiter)
        return self._layouts[stem]

    @staticmethod
    def _bundle_columns(stem: str) -> set[str]:
        if stem == ORGANISATION:
            return {"key", "value"}
        return set(tables()[stem].by_name) if stem in tables() else set()

    def called(self, block: Block) -> tuple[str, tuple[str, ...]]:
        """The name and header of the block's file; constants are at their place in the mapping."""
        if block.source is None:
            return block.place, ()
        return self.layout(block.source).file.name, self.layout(block.source).header

    def reading(self, block: Block) -> Reading:
        """How the cells of this block's file are read: as declared, else as its values prove."""
        if block.source is None:
            return Reading("plain", Clock(self.home, self.home))
        style = self.mapping.style_of(block.source)
        order, numbers = self._style(block.source)
        return Reading(numbers, Clock(style.zone or self.home, self.home, order), block.is_bundle_file)

    def _style(self, stem: str) -> tuple[str, str]:
        if stem not in self._styles:
            style = self.mapping.style_of(stem)
            order, numbers = style.date_order, style.numbers
            if order is None or numbers is None:
                proof, name = self._proof(stem), self.files[stem].name
                try:
                    order, numbers = order or proof.date_order(name), numbers or proof.number_style(name)
                except Unproved as error:
                    raise Refused(str(error)) from error
            self._styles[stem] = order, numbers
        return self._styles[stem]

    def _proof(self, stem: str) -> Proof:
        """Show every date and number that any block takes from this file to a proof."""
        proof, layout, looks = Proof(), self.layout(stem), []
        for block in (block for block in self.listed if block.source == stem):
            header = Header(layout.file.name, layout.header, self.joined(block))
            for name, expression in block.columns.items():
                kind = tables()[block.table].by_name[name].kind
                see = proof.see_date if kind in DATED else proof.see_number if kind is Kind.DECIMAL else None
                if see is not None and expression.kind != "constant":
                    looks.append((_bound(expression, header), see))
        for _line, row in layout.rows() if looks else ():
            if len(row) == len(layout.header):
                for cell, see in looks:
                    see(cell(row))
        return proof

    def joined(self, block: Block) -> dict[Join, dict[str, str]]:
        parts = [*block.columns.values(), *(one.of for one in block.where)]
        return {join: self._joined(join) for part in parts for join in part.joins()}

    def _joined(self, join: Join) -> dict[str, str]:
        """The look-up table of a join. Raises Refused where a key has two values and none is picked."""
        layout = self.layout(join.file)
        found: dict[str, str] = {}
        key, value = layout.index(join.key), layout.index(join.column)
        if key is None or value is None:
            missing = {"file": layout.file.name, "name": join.key if key is None else join.column}
            raise Refused(_("%(file)s has no column %(name)s") % missing)
        for line, row in layout.rows():
            if len(row) != len(layout.header):
                continue
            before = found.get(row[key])
            if before not in (None, row[value]) and join.pick is None:
                told = {"file": layout.file.name, "line": line, "key": row[key]}
                raise Refused(
                    _('%(file)s, line %(line)s: %(key)s comes twice; say pick = "first" or "last"') % told
                )
            if before is None or join.pick == "last":
                found[row[key]] = row[value]
        return found

    def report(self) -> list[dict]:
        """Each file read: its encoding, delimiter, date order and number style, and columns nobody reads."""
        return [
            {
                "file": layout.file.name,
                "encoding": layout.encoding,
                "delimiter": layout.delimiter,
                "date_order": self._styles.get(stem, ("iso", "plain"))[0],
                "numbers": self._styles.get(stem, ("iso", "plain"))[1],
                "columns_not_read": self._not_read(stem, layout),
            }
            for stem, layout in self._layouts.items()
        ]

    def _not_read(self, stem: str, layout: Layout) -> list[str]:
        used = {"key", "value", "from_on"} if stem == ORGANISATION else self._used.get(stem, set())
        return [column for column in layout.header if column and column not in used]

    def unread(self) -> list[str]:
        return sorted(file.name for stem, file in self.files.items() if stem not in self._layouts)


def _called_by_stem(files: dict[str, SourceFile], mapping: Mapping) -> dict[str, SourceFile]:
    """The files by the names the mapping uses, where it says what else they may be called."""
    renamed = dict(files)
    for stem, style in mapping.styles.items():
        other = next((name for name in style.called if name in renamed), None)
        if stem not in renamed and other is not None:
            renamed[stem] = renamed.pop(other)
    return renamed


def _bound(expression, header: Header):
    """The cell as text; empty where it cannot be said, which is told when the row is read."""
    try:
        cell = expression.bind(header)
    except MappingError as error:
        raise Refused(str(error)) from error

    def text(row: list[str]) -> str:
        try:
            return cell(row)
        except ValueError:
            return ""

    return text
