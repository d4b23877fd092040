"""What makes the file one for the archive and for everybody: PDF/A-2a and PDF/UA-1 in one file.

Holds the claims (XMP), the meaning of colours (sRGB), the file's date, and two corrections of ReportLab 5.1.
"""

import struct
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, ttfonts

from hia_app.domain.document import Attached

rl_config.useA85 = 0  # text armour would make every stream a quarter longer


class FixedTime:
    """The moment a file is dated with, in the shape ReportLab wants; never the clock."""

    tzname, dhh, dmm = "UTC", 0, 0

    def __init__(self, day: date) -> None:
        moment = day if isinstance(day, datetime) else datetime.combine(day, time())
        self.YMDhms = moment.timetuple()[:6]
        self.iso = f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"


def _end_streams_on_a_line(original: Any) -> Any:
    """PDF/A 6.1.7.1 wants an end-of-line before `endstream`. CR LF, because a stream may itself end in CR."""

    def format_stream(self: Any, document: Any) -> bytes:
        return original(self, document)[: -len(b"endstream\n")] + b"\r\nendstream\n"

    return format_stream


def _unicode_map(name: str, subset: list[int]) -> str:
    """A font's map to Unicode without its unused codes, which ReportLab lists as U+0000 (PDF/UA 7.21.7)."""
    pairs = [
        f"<{code:02X}> <{chr(letter).encode('utf-16-be').hex().upper()}>"
        for code, letter in enumerate(subset)
        if letter
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    lines = [
        *("/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo"),
        *("<< /Registry (Adobe)", "/Ordering (UCS)", "/Supplement 0", ">> def"),
        *(f"/CMapName /{name} def", "/CMapType 2 def", "1 begincodespacerange", "<00> <FF>", "endcodespacerange"),
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        *("endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"),
    ]
    return "\n".join(lines)


pdfdoc.PDFStream.format = _end_streams_on_a_line(pdfdoc.PDFStream.format)
ttfonts.makeToUnicodeCMap = _unicode_map

_EXTENSION = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def attach(catalogue: Any, document: pdfdoc.PDFDocument, attached: Attached, moment: FixedTime) -> None:
    """Put a file into the file, as data of the whole (PDF/A-3)."""
    day = pdfdoc.PDFString("D:{:04}{:02}{:02}{:02}{:02}{:02}+00'00'".format(*moment.YMDhms))
    about = pdfdoc.PDFDictionary({"Size": len(attached.content), "ModDate": day, "CreationDate": day})
    head = {"Type": "/EmbeddedFile", "Subtype": "/application#2Fjson", "Params": about}
    stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(head), attached.content, [pdfdoc.PDFZCompress])
    name = pdfdoc.PDFString(attached.name)
    file = document.Reference(stream)
    specification = {
        "Type": "/Filespec",
        "AFRelationship": "/Data",
        "F": name,
        "UF": name,
        "Desc": pdfdoc.PDFString(attached.description),
        "EF": pdfdoc.PDFDictionary({"F": file, "UF": file}),
    }
    told = document.Reference(pdfdoc.PDFDictionary(specification))
    names = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([name, told])})
    catalogue.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": names})
    catalogue.AF = pdfdoc.PDFArray([told])
    catalogue.__NoDefault__ = [*{*catalogue.__NoDefault__, "AF", "Names"}]
    catalogue.__NoDefault__.sort()


def xmp(info: pdfdoc.PDFInfo, lang: str, moment: FixedTime, part: int = 2) -> bytes:
    """The claims and the description of the file. The extension schema lets the two claims stand together.

    `part` of PDF/A is 2, or 3 for a file with another one inside.
    """
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(info.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(info.author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(info.subject)}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{escape(lang)}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{escape(info.producer)}</pdf:Producer><pdf:Keywords></pdf:Keywords>
<xmp:CreatorTool>{escape(info.creator)}</xmp:CreatorTool>
<xmp:CreateDate>{moment.iso}</xmp:CreateDate><xmp:ModifyDate>{moment.iso}</xmp:ModifyDate>
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part></rdf:Description>
{_EXTENSION}
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def srgb_profile() -> bytes:
    """An ICC profile (version 4.2) that says: these colours are sRGB (IEC 61966-2-1), seen under D50."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def words(text: str) -> bytes:
        return (
            b"mluc\0\0\0\0"
            + struct.pack(">II2s2sII", 1, 12, b"en", b"GB", 2 * len(text), 28)
            + text.encode("utf-16-be")
        )

    curve = b"para\0\0\0\0\0\3\0\0" + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"desc": words("sRGB"),
        b"cprt": words("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249),
        b"chad": b"sf32\0\0\0\0"
        + fixed(1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168),
        b"rXYZ": b"XYZ \0\0\0\0" + fixed(0.43607, 0.22249, 0.01392),
        b"gXYZ": b"XYZ \0\0\0\0" + fixed(0.38515, 0.71687, 0.09708),
        b"bXYZ": b"XYZ \0\0\0\0" + fixed(0.14307, 0.06061, 0.7141),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, content, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(content), len(value))
        content += value + b"\0" * (-len(value) % 4)
    size = start + len(content)
    created = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x04200000, b"mntr", b"RGB ", b"XYZ ") + created + b"acsp"
    header += b"\0" * 28 + fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + content


def output_intent(document: pdfdoc.PDFDocument) -> pdfdoc.PDFArray:
    """Says that every colour in the file is sRGB."""
    profile = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), srgb_profile(), [pdfdoc.PDFZCompress])
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
        "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(profile),
    }
    return pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
