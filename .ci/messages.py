"""Are the languages complete? Gathers every sentence of the sources and holds each language's catalogue against them.

`messages.py` says what is missing or broken; `messages.py write` puts new sentences into the catalogues, drops gone ones.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("coaching", "kpis", "pipeline", "templates")
LANGUAGES = ("it", "es")
# Each of Django's functions and which of its arguments are the sentence, "c" marking the context.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TAG = re.compile(r"<[^>]+>")


def po_of(language: str) -> Path:
    return ROOT / "coaching" / "locale" / language / "LC_MESSAGES" / "django.po"


def gathered() -> Catalog:
    """Every sentence of the sources with the files it stands in."""
    found = Catalog()
    for path in _sources():
        source = io.BytesIO(_python_of(path).encode())
        name = path.relative_to(ROOT).as_posix()
        for _line, text, comments, context in extract("python", source, KEYWORDS, ["Translators:"]):
            # Without lines: a catalogue would change with every line moved.
            found.add(text, locations=[(name, None)], auto_comments=comments, context=context)
    return found


def _sources() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" or (folder == "templates" and path.is_file() and path.name != ".gitkeep"):
                yield path


def _python_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    # Django turns templates into calls for tools that mind no indentation; Python's tokenizer does.
    return "\n".join(line.strip() for line in templatize(text, origin=path.name).splitlines())


def read(language: str) -> Catalog:
    with po_of(language).open("rb") as file:
        return read_po(file, locale=language)


def write() -> None:
    template = gathered()
    for language in LANGUAGES:
        po = po_of(language)
        catalog = read(language) if po.exists() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        po.parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, catalog, width=110, omit_header=True, include_lineno=False)
        po.write_bytes(_head(catalog).encode() + text.getvalue().lstrip(b"\n"))


def _head(catalog: Catalog) -> str:
    """No dates and no names: two who gather the same sentences write the same file."""
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )


def problems(language: str, template: Catalog) -> list[str]:
    """What keeps a catalogue from being complete, a line each."""
    catalog = read(language)
    known = {_key(message): message for message in catalog if message.id}
    wanted = {_key(message): message for message in template if message.id}
    found = [f"{language}: no sentence of the sources: {key[1]}" for key in known.keys() - wanted.keys()]
    for key in wanted:
        if key not in known:
            found.append(f"{language}: missing: {key[1]}")
        elif wrong := _wrong(known[key], catalog):
            found.append(f"{language}: {wrong}: {key[1]}")
    return sorted(found)


def _key(message: Message) -> tuple:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _wrong(message: Message, catalog: Catalog) -> str:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    if len(said) != (catalog.num_plurals if len(ids) == 2 else 1):
        return "plural forms missing"
    if not all(said):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    for place, text in enumerate(said):
        of = ids[min(place, len(ids) - 1)]
        if _names(text) - _names(" ".join(ids)) or (place == len(said) - 1 and _names(of) - _names(text)):
            return "other placeholders"
        if sorted(TAG.findall(text)) != sorted(TAG.findall(of)):
            return "other tags"
        if (text[:1].isspace(), text[-1:].isspace()) != (of[:1].isspace(), of[-1:].isspace()):
            return "other spaces around it"
    return ""


def _names(text: str) -> set[str]:
    """Placeholders with their conversions; a lone per cent sign is none, a doubled one is one of its own."""
    return set(re.findall(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%%|%[sd]", text))


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    if sys.argv[1:] == ["write"]:
        write()
    else:
        template = gathered()
        if found := [line for language in LANGUAGES for line in problems(language, template)]:
            sys.exit("\n".join(["Run make messages and translate in coaching/locale:", *found]))
