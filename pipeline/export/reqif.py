"""ReqIF 1.2 (OMG formal/2016-07-01): requirements for DOORS, Polarion and other requirements tools.

A specification a document, its sections as headings, and the links between requirements as
relations. Attribute names that start with "ReqIF." are those that the ReqIF implementation guide
gives a meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any, BinaryIO, Final

from reqif.models.reqif_core_content import ReqIFCoreContent
from reqif.models.reqif_data_type import (
    ReqIFDataTypeDefinitionBoolean,
    ReqIFDataTypeDefinitionDateIdentifier,
    ReqIFDataTypeDefinitionEnumeration,
    ReqIFDataTypeDefinitionInteger,
    ReqIFDataTypeDefinitionReal,
    ReqIFDataTypeDefinitionString,
    ReqIFDataTypeDefinitionXHTML,
    ReqIFEnumValue,
)
from reqif.models.reqif_namespace_info import ReqIFNamespaceInfo
from reqif.models.reqif_req_if_content import ReqIFReqIFContent
from reqif.models.reqif_reqif_header import ReqIFReqIFHeader
from reqif.models.reqif_spec_hierarchy import ReqIFSpecHierarchy
from reqif.models.reqif_spec_object import (
    ReqIFSpecObject,
    SpecObjectAttribute,
)
from reqif.models.reqif_spec_object_type import (
    ReqIFSpecObjectType,
    SpecAttributeDefinition,
)
from reqif.models.reqif_spec_relation import ReqIFSpecRelation
from reqif.models.reqif_spec_relation_type import (
    ReqIFSpecRelationType,
)
from reqif.models.reqif_specification import ReqIFSpecification
from reqif.models.reqif_specification_type import (
    ReqIFSpecificationType,
)
from reqif.models.reqif_types import SpecObjectAttributeType
from reqif.object_lookup import ReqIFObjectLookup
from reqif.reqif_bundle import ReqIFBundle
from reqif.unparser import ReqIFUnparser

from pipeline.export.about import About
from pipeline.export.text import clean, one_line
from pipeline.records import Modality, stable_id
from pipeline.wording import MODALITIES, RELATIONS, due_date, target_words, topic_words

Row = Mapping[str, Any]

_STRING: Final = SpecObjectAttributeType.STRING
_XHTML: Final = SpecObjectAttributeType.XHTML
_ENUM: Final = SpecObjectAttributeType.ENUMERATION
_INTEGER: Final = SpecObjectAttributeType.INTEGER
_REAL: Final = SpecObjectAttributeType.REAL
_BOOLEAN: Final = SpecObjectAttributeType.BOOLEAN
_DATE: Final = SpecObjectAttributeType.DATE

_STRING_LIMIT: Final = 32_000  # characters; the type says so to importers
_DATATYPES: Final = {
    _STRING: "datatype-string",
    _XHTML: "datatype-xhtml",
    _ENUM: "datatype-modality",
    _INTEGER: "datatype-integer",
    _REAL: "datatype-share",
    _BOOLEAN: "datatype-boolean",
    _DATE: "datatype-date",
}
_ATTRIBUTES: Final = (
    ("ReqIF.ForeignID", _STRING),
    ("ReqIF.Text", _XHTML),
    ("Modality", _ENUM),
    ("Bearer", _STRING),
    ("Bodies", _STRING),
    ("Action", _STRING),
    ("Condition", _STRING),
    ("Targets", _STRING),
    ("Deadline", _STRING),
    ("Deadline date", _DATE),
    ("Topic", _STRING),
    ("Quote", _XHTML),
    ("Planning year", _STRING),
    ("Section", _STRING),
    ("Page", _INTEGER),
    ("Source", _STRING),
    ("Reported", _BOOLEAN),
    ("Confidence", _REAL),
)
_REQUIREMENT_TYPE: Final = "type-requirement"
_HEADING_TYPE: Final = "type-heading"
_SPECIFICATION_TYPE: Final = "type-specification"
_CHAPTER: Final = "attribute-chapter"
_NCNAME: Final = re.compile(r"[A-Za-z0-9_.-]+")


def write_reqif(
    rows: Iterable[Row],
    out: BinaryIO,
    *,
    about: About,
    table: str = "requirements",
    links: Iterable[Row] = (),
) -> None:
    """Write requirements as ReqIF in UTF-8; of `links` those with both ends among the rows."""
    rows = sorted(rows, key=lambda row: (row["document"], row.get("ordinal") or 0, row["id"]))
    moment = about.date.isoformat()
    titles = {document.id: document.title for document in about.documents}
    objects = [_requirement(row, moment) for row in rows]
    specifications = []
    for document, group in groupby(rows, key=lambda row: str(row["document"])):
        children, headings = _hierarchy(document, list(group), moment)
        objects += headings
        specifications.append(
            ReqIFSpecification(
                identifier=_id("specification", document),
                last_change=moment,
                long_name=one_line(titles.get(document, document)),
                specification_type=_SPECIFICATION_TYPE,
                children=children,
            )
        )
    known = {row["id"] for row in rows}
    relations = [
        _relation(link, moment)
        for link in links
        if link["from_id"] in known and link["to_id"] in known
    ]
    content = ReqIFReqIFContent(
        data_types=_data_types(moment),
        spec_types=_types(moment, sorted({link.relation_type_ref for link in relations})),
        spec_objects=objects,
        spec_relations=relations or None,
        specifications=specifications,
    )
    out.write(_unparse(content, about, moment).encode("utf-8"))


def _unparse(content: Any, about: About, moment: str) -> str:
    bundle = ReqIFBundle(
        namespace_info=ReqIFNamespaceInfo.create_default(),
        req_if_header=ReqIFReqIFHeader(
            identifier=_id("header", about.title),
            # The library writes the comment as it is given.
            comment=escape(one_line(f"Filters: {about.filter_words}"), quote=False),
            creation_time=moment,
            req_if_tool_id="mustdo",
            req_if_version="1.0",  # the schema's own version, the same in ReqIF 1.0 to 1.2
            source_tool_id="mustdo",
            title=one_line(about.title),
        ),
        core_content=ReqIFCoreContent(req_if_content=content),
        tool_extensions_tag_exists=False,
        lookup=ReqIFObjectLookup.empty(),
        exceptions=[],
    )
    return str(ReqIFUnparser.unparse(bundle))


def _requirement(row: Row, moment: str) -> Any:
    values = {
        "ReqIF.ForeignID": row["id"],
        "ReqIF.Text": row["statement"],
        "Modality": [_modality_id(row["modality"])],
        "Bearer": row["bearer"],
        "Bodies": "; ".join(row["bearer_canonical"]),
        "Action": row["action"],
        "Condition": row["condition"],
        "Targets": "; ".join(target_words(row)),
        "Deadline": row["deadline"]["text"] if row["deadline"] else None,
        "Deadline date": due_date(row),
        "Topic": topic_words(row["topic"]) if row["topic"] else None,
        "Quote": row["quote"],
        "Planning year": row["planning_year"],
        "Section": row["section"],
        "Page": row["page"],
        "Source": row.get("source_link"),
        "Reported": row["reported"],
        "Confidence": row["confidence"],
    }
    attributes = [
        SpecObjectAttribute(
            attribute_type=kind,
            definition_ref=_attribute_id(name),
            value=_value(values[name], kind),
        )
        for name, kind in _ATTRIBUTES
        if values[name] not in (None, "")
    ]
    return ReqIFSpecObject(
        identifier=_id("requirement", row["id"]),
        attributes=attributes,
        spec_object_type=_REQUIREMENT_TYPE,
        last_change=moment,
    )


def _value(value: Any, kind: Any) -> str | list[str]:
    if kind is _ENUM:
        return list(value)
    if kind is _XHTML:
        return f"<xhtml:div>{escape(clean(str(value)), quote=False)}</xhtml:div>"
    if kind is _DATE:
        return f"{value}T00:00:00Z"
    if kind is _BOOLEAN:
        return "true" if value else "false"
    if kind is _STRING:
        return one_line(str(value))[:_STRING_LIMIT]
    return str(value)


def _hierarchy(document: str, rows: Sequence[Row], moment: str) -> tuple[list[Any], list[Any]]:
    """A document's rows under their headings: (hierarchy from the top, headings as objects)."""
    top: list[Any] = []
    headings: list[Any] = []
    open_: list[tuple[str, Any]] = []  # headings from the top down to where the last row stands
    for row in rows:
        path = [part for part in row["section"].split(" > ") if part]
        while open_ and [name for name, _ in open_] != path[: len(open_)]:
            open_.pop()
        for name in path[len(open_) :]:
            key = _id("heading", document, len(headings))
            headings.append(_heading(key, name, moment))
            node = _node(key, level=len(open_) + 1, moment=moment)
            _add(open_[-1][1] if open_ else None, node, top)
            open_.append((name, node))
        leaf = _node(_id("requirement", row["id"]), level=len(open_) + 1, moment=moment)
        _add(open_[-1][1] if open_ else None, leaf, top)
    return top, headings


def _add(parent: Any, node: Any, top: list[Any]) -> None:
    if parent is None:
        top.append(node)
    else:
        parent.add_child(node)


def _node(spec_object: str, *, level: int, moment: str) -> Any:
    return ReqIFSpecHierarchy(
        identifier=f"place-{spec_object}",
        spec_object=spec_object,
        level=level,
        last_change=moment,
        editable=None,
        is_table_internal=None,
    )


def _heading(identifier: str, name: str, moment: str) -> Any:
    value = _value(name, _XHTML)
    attribute = SpecObjectAttribute(attribute_type=_XHTML, definition_ref=_CHAPTER, value=value)
    return ReqIFSpecObject(
        identifier=identifier,
        attributes=[attribute],
        spec_object_type=_HEADING_TYPE,
        last_change=moment,
    )


def _relation(link: Row, moment: str) -> Any:
    return ReqIFSpecRelation(
        identifier=_id("relation", link["from_id"], link["to_id"], link["relation"]),
        relation_type_ref=_relation_type_id(link["relation"]),
        source=_id("requirement", link["from_id"]),
        target=_id("requirement", link["to_id"]),
        last_change=moment,
        long_name=one_line(link["evidence"] or ""),
    )


def _data_types(moment: str) -> list[Any]:
    common = {"last_change": moment}
    values = [
        ReqIFEnumValue(
            identifier=_modality_id(modality.value),
            key=str(number),
            other_content="",
            long_name=MODALITIES[modality],
            **common,
        )
        for number, modality in enumerate(Modality)
    ]
    return [
        ReqIFDataTypeDefinitionString(
            identifier=_DATATYPES[_STRING],
            long_name="Text",
            max_length=str(_STRING_LIMIT),
            **common,
        ),
        ReqIFDataTypeDefinitionXHTML(
            identifier=_DATATYPES[_XHTML], long_name="XHTML", is_self_closed=True, **common
        ),
        ReqIFDataTypeDefinitionEnumeration(
            identifier=_DATATYPES[_ENUM], long_name="Modality", values=values, **common
        ),
        ReqIFDataTypeDefinitionInteger(
            identifier=_DATATYPES[_INTEGER],
            long_name="Integer",
            min_value="0",
            max_value="2147483647",
            **common,
        ),
        ReqIFDataTypeDefinitionReal(
            identifier=_DATATYPES[_REAL],
            long_name="Share",
            accuracy=4,
            min_value="0",
            max_value="1",
            is_self_closed=True,
            **common,
        ),
        ReqIFDataTypeDefinitionBoolean(
            identifier=_DATATYPES[_BOOLEAN], long_name="Boolean", **common
        ),
        ReqIFDataTypeDefinitionDateIdentifier(
            identifier=_DATATYPES[_DATE], long_name="Date", **common
        ),
    ]


def _types(moment: str, relations: Sequence[str]) -> list[Any]:
    requirement = ReqIFSpecObjectType(
        identifier=_REQUIREMENT_TYPE,
        long_name="Requirement",
        last_change=moment,
        attribute_definitions=[
            _definition(_attribute_id(name), name, kind, moment) for name, kind in _ATTRIBUTES
        ],
    )
    heading = ReqIFSpecObjectType(
        identifier=_HEADING_TYPE,
        long_name="Heading",
        last_change=moment,
        attribute_definitions=[_definition(_CHAPTER, "ReqIF.ChapterName", _XHTML, moment)],
    )
    specification = ReqIFSpecificationType(
        identifier=_SPECIFICATION_TYPE,
        long_name="Document",
        last_change=moment,
        is_self_closed=True,
    )
    names = {_relation_type_id(code): words for code, words in RELATIONS.items()}
    return [
        requirement,
        heading,
        specification,
        *(
            ReqIFSpecRelationType(
                identifier=relation, long_name=names.get(relation, "Mentions"), last_change=moment
            )
            for relation in relations
        ),
    ]


def _definition(identifier: str, name: str, kind: Any, moment: str) -> Any:
    return SpecAttributeDefinition(
        attribute_type=kind,
        identifier=identifier,
        datatype_definition=_DATATYPES[kind],
        long_name=name,
        last_change=moment,
        multi_valued=False if kind is _ENUM else None,
    )


def _attribute_id(name: str) -> str:
    return f"attribute-{re.sub('[^a-z0-9]+', '-', name.lower())}"


def _modality_id(modality: str) -> str:
    return f"modality-{modality}"


def _relation_type_id(relation: str) -> str:
    return f"type-relation-{relation}"


def _id(*parts: object) -> str:
    """An identifier that XML takes (an NCName): the parts where they allow it, else their hash."""
    plain = "-".join(str(part) for part in parts)
    return (
        plain if len(parts) == 2 and _NCNAME.fullmatch(plain) else f"{parts[0]}-{stable_id(*parts)}"
    )
