"""Makes hostile PDFs out of good ones, and bombs out of nothing: always the same from the same number.

Needs pikepdf (``pip install pikepdf``), which takes PDFs apart and puts them together again.
"""

from __future__ import annotations

import io
import logging
import random
import re
from collections.abc import Callable

import pikepdf
from fuzzing_bombs import bombs
from pikepdf import Array, Dictionary, Name

logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
NUMBERS = (b"0", b"-1", b"1", b"65535", b"65536", b"2147483647", b"-2147483648", b"4294967296",
           b"99999999999999999999", b"1e38", b"-1e38", b"0.0000000001", b"nan", b"inf", b"--5", b"1.2.3")  # fmt: skip
_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.S)
_NUMBER = re.compile(rb"(?<=[ /\[\r\n])-?\d+(?=[ /\]\r\n>])")
_OPERATORS = (
    b"q", b"Q", b"BT", b"ET", b"f", b"S", b"n", b"W", b"T*", b"BX", b"EX", b"EMC", b"h", b"b*", b"/Fm0 Do", b"/Im0 Do",
    b"%n %n %n %n re", b"%n %n m", b"%n %n l", b"%n %n %n %n %n %n cm", b"%n %n %n %n %n %n Tm", b"%n %n Td", b"%n Tc",
    b"%n Tw", b"%n Tz", b"%n TL", b"%n Ts", b"%n Tr", b"/F1 %n Tf", b"/F2 %n Tf", b"/TT0 %n Tf", b"/C2_0 %n Tf",
    b"(Children wait too long.) Tj", b"<0041FFFFD800> Tj", b"[(a) %n (b) %n] TJ", b"(\\000\\377\\033) '",
    b"/P <</MCID %n>> BDC", b"%n %n %n rg", b"%n w", b"[%n %n] %n d", b"/GS0 gs", b"BI /W %n /H %n /BPC 8 ID x EI",
)  # fmt: skip

Made = Callable[[random.Random, bytes], bytes]


def flip_bits(rng: random.Random, data: bytes) -> bytes:
    """Some bits turned over, anywhere."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 4, 20, 200))):
        made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)


def flip_structure(rng: random.Random, data: bytes) -> bytes:
    """Some bytes replaced outside the streams, where the objects are described."""
    made = bytearray(data)
    places = [m.start() for m in re.finditer(rb"<<|>>|obj|/[A-Z]|\[|\]|stream", data)]
    for _ in range(rng.choice((1, 3, 10))):
        at = rng.choice(places) + rng.randrange(4)
        made[min(at, len(made) - 1)] = rng.randrange(256)
    return bytes(made)


def truncate(rng: random.Random, data: bytes) -> bytes:
    """The end missing."""
    return data[: rng.randrange(10, len(data))]


def cut_out(rng: random.Random, data: bytes) -> bytes:
    """A stretch missing."""
    start = rng.randrange(10, len(data))
    return data[:start] + data[start + rng.choice((1, 10, 500, 20_000)) :]


def repeat(rng: random.Random, data: bytes) -> bytes:
    """A stretch several times over."""
    start = rng.randrange(len(data))
    end = start + rng.choice((5, 100, 3000))
    return data[:end] + data[start:end] * rng.choice((1, 10, 100)) + data[end:]


def insert(rng: random.Random, data: bytes) -> bytes:
    """Noise put in."""
    at = rng.randrange(9, len(data))
    return data[:at] + rng.randbytes(rng.choice((1, 30, 1000))) + data[at:]


def numbers(rng: random.Random, data: bytes) -> bytes:
    """Numbers replaced by extreme ones: lengths, counts, sizes, references, offsets."""
    found = list(_NUMBER.finditer(data))
    chosen = sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 12, 60)))), key=lambda m: -m.start())
    for match in chosen:
        data = data[: match.start()] + rng.choice(NUMBERS) + data[match.end() :]
    return data


def swap_objects(rng: random.Random, data: bytes) -> bytes:
    """The contents of two objects exchanged."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return flip_bits(rng, data)
    one, two = sorted(rng.sample(found, 2), key=lambda m: m.start())
    first, second = one.group().split(b"obj", 1)[1], two.group().split(b"obj", 1)[1]
    head, tail = one.group().split(b"obj", 1)[0], two.group().split(b"obj", 1)[0]
    return (
        data[: one.start()] + head + b"obj" + second + data[one.end() : two.start()]
        + tail + b"obj" + first + data[two.end() :]
    )  # fmt: skip


def lengths(rng: random.Random, data: bytes) -> bytes:
    """The lengths of streams wrong."""
    return re.sub(
        rb"/Length \d+", lambda m: b"/Length " + rng.choice(NUMBERS) if rng.random() < 0.3 else m.group(), data
    )


def cross_reference(rng: random.Random, data: bytes) -> bytes:
    """The table of where objects are: gone, wrong, or pointing back to itself."""
    which = rng.randrange(5)
    if which == 0:
        return re.sub(rb"startxref\s+\d+", b"startxref\n" + rng.choice(NUMBERS), data)
    if which == 1:
        return re.sub(rb"\d{10} (\d{5}) n", lambda m: b"%010d %s n" % (rng.randrange(2 * len(data)), m[1]), data)
    if which == 2:
        at = data.rfind(b"startxref")
        found = re.search(rb"startxref\s+(\d+)", data)
        back = found[1] if found else b"9"
        return data[:at] + b"trailer <</Size 9 /Prev " + back + b" /Root 1 0 R>>\n" + data[at:]
    if which == 3:
        return re.sub(rb"/(Prev|XRefStm|Size|Root|W|Index)\b", lambda m: b"/" + m[1][::-1], data)
    return data.replace(rng.choice((b"endobj", b"endstream", b"xref", b"trailer", b"%%EOF", b"/Pages", b"/Kids")), b"")


def _open(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def _saved(pdf: pikepdf.Pdf, rng: random.Random) -> bytes:
    out = io.BytesIO()
    packed = rng.choice(list(pikepdf.ObjectStreamMode))
    extra = {"encryption": pikepdf.Encryption(owner="o", user="")} if rng.random() < 0.05 else {}
    pdf.save(out, object_stream_mode=packed, fix_metadata_version=False, static_id=not extra, **extra)
    return out.getvalue()


def first_pages(data: bytes, count: int = 3) -> bytes:
    """A PDF without its later pages: what is short can be damaged often."""
    pdf = _open(data)
    del pdf.pages[count:]
    pdf.remove_unreferenced_resources()
    return _saved(pdf, random.Random(count))


def _contents(page: pikepdf.Page) -> bytes:
    page.contents_coalesce()
    return bytes(page.Contents.read_bytes()) if "/Contents" in page else b""


def content_noise(rng: random.Random, data: bytes) -> bytes:
    """Drawing commands damaged inside their stream, which is packed again."""
    pdf = _open(data)
    for page in rng.sample(list(pdf.pages), min(len(pdf.pages), rng.choice((1, 3)))):
        found = bytearray(_contents(page))
        for _ in range(rng.choice((1, 10, 200)) if found else 0):
            found[rng.randrange(len(found))] = rng.randrange(256)
        page.Contents = pdf.make_stream(bytes(found))
    return _saved(pdf, rng)


def content_numbers(rng: random.Random, data: bytes) -> bytes:
    """Places and sizes on the page replaced by extreme ones."""
    pdf = _open(data)
    page = rng.choice(list(pdf.pages))
    share = rng.choice((0.002, 0.03, 0.4))
    text = re.sub(
        rb"(?<=[ \n\[])-?\d+\.?\d*(?=[ \n\]])",
        lambda m: rng.choice(NUMBERS) if rng.random() < share else m.group(),
        _contents(page),
    )
    page.Contents = pdf.make_stream(text)
    return _saved(pdf, rng)


def content_commands(rng: random.Random, data: bytes) -> bytes:
    """Drawing commands in any order, with any numbers."""
    pdf = _open(data)
    page = rng.choice(list(pdf.pages))
    made = []
    for _ in range(rng.choice((5, 100, 3000))):
        command = rng.choice(_OPERATORS)
        while b"%n" in command:
            number = rng.choice(NUMBERS) if rng.random() < 0.1 else b"%d" % rng.randint(-50, 800)
            command = command.replace(b"%n", number, 1)
        made.append(command)
    lines = _contents(page).split(b"\n")
    at = rng.randrange(len(lines) + 1)
    page.Contents = pdf.make_stream(b"\n".join([*lines[:at], *made, *lines[at:]]))
    return _saved(pdf, rng)


def content_again(rng: random.Random, data: bytes) -> bytes:
    """A page's commands many times over."""
    pdf = _open(data)
    page = rng.choice(list(pdf.pages))
    _contents(page)
    if "/Contents" in page:
        page.Contents = Array([page.Contents] * rng.choice((2, 20, 200)))
    return _saved(pdf, rng)


def page_boxes(rng: random.Random, data: bytes) -> bytes:
    """Pages of impossible size, turned, or scaled."""
    pdf = _open(data)
    for page in pdf.pages:
        box = [rng.choice((0, -1, 1, 595, 842, 1e9, -1e9, 1e-6, 14400)) for _ in range(rng.choice((4, 4, 4, 3, 0)))]
        page[rng.choice(("/MediaBox", "/CropBox"))] = Array(box) if rng.random() < 0.9 else Name("/None")
        if rng.random() < 0.3:
            page["/Rotate"] = rng.choice((90, 270, 45, -90, 2**31 - 1))
        if rng.random() < 0.3:
            page["/UserUnit"] = rng.choice((0, -1, 1e6))
    return _saved(pdf, rng)


def objects(rng: random.Random, data: bytes) -> bytes:
    """Entries of dictionaries removed, exchanged, or of another type."""
    pdf = _open(data)
    found = [o for o in pdf.objects if isinstance(o, (Dictionary, pikepdf.Stream))]
    for _ in range(rng.choice((1, 3, 12))):
        target = rng.choice(found)
        keys = [key for key in target.keys() if key != "/Length"]  # noqa: SIM118
        if not keys:
            continue
        key = rng.choice(keys)
        which = rng.randrange(4)
        if which == 0:
            del target[key]
        elif which == 1:
            target[key] = pdf.make_indirect(rng.choice(found))
        elif which == 2:
            target[key] = rng.choice((0, -1, 2**31 - 1, True, Name("/X"), Array([]), Dictionary(), pikepdf.String("x")))
        else:
            other = rng.choice(found)
            some = [k for k in other.keys() if k != "/Length"]  # noqa: SIM118
            if some:
                target[key] = other[rng.choice(some)]
    return _saved(pdf, rng)


def fonts(rng: random.Random, data: bytes) -> bytes:
    """Fonts that map their characters to anything, or whose programs are damaged."""
    pdf = _open(data)
    for font in [o for o in pdf.objects if isinstance(o, Dictionary) and o.get("/Type") == Name("/Font")]:
        which = rng.randrange(5)
        if which == 0:
            codes = rng.sample((0, 0x1B, 0x9B, 0x202E, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x2028, 0xFB01, 0x41), 6)
            lines = [b"<%04x> <%04x>" % (k, code) for k, code in enumerate(codes * 12)]
            cmap = b"1 begincodespacerange <0000> <ffff> endcodespacerange %d beginbfchar\n%s\nendbfchar" % (
                len(lines),
                b"\n".join(lines),
            )
            font["/ToUnicode"] = pdf.make_stream(cmap)
        elif which == 1 and "/ToUnicode" in font and isinstance(font["/ToUnicode"], pikepdf.Stream):
            font["/ToUnicode"] = pdf.make_stream(flip_bits(rng, bytes(font["/ToUnicode"].read_bytes()) or b"x"))
        elif which == 2:
            font["/Widths"] = Array([rng.choice((0, -1, 1e9, 500)) for _ in range(rng.choice((0, 1, 300)))])
        elif which == 3:
            font["/Encoding"] = Dictionary(Differences=Array([rng.randrange(300), Name("/A"), Name("/uniD800")] * 50))
        elif "/FontDescriptor" in font and isinstance(font["/FontDescriptor"], Dictionary):
            for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                program = font["/FontDescriptor"].get(key)
                if isinstance(program, pikepdf.Stream):
                    font["/FontDescriptor"][key] = pdf.make_stream(flip_bits(rng, bytes(program.read_bytes())))
    return _saved(pdf, rng)


def page_tree(rng: random.Random, data: bytes) -> bytes:
    """A tree of pages that bites its tail, lies about its number, or is deep."""
    pdf = _open(data)
    root = pdf.Root.Pages
    which = rng.randrange(5)
    if which == 0:
        root.Kids.append(root)
    elif which == 1:
        root.Count = rng.choice((0, -1, 10, 499, 2**31 - 1))
    elif which == 2:
        root.Kids = Array([pdf.pages[0].obj] * rng.choice((2, 60)))
        root.Count = len(root.Kids)
    elif which == 3:
        node = root
        for _ in range(rng.choice((5, 200, 2000))):
            node = pdf.make_indirect(Dictionary(Type=Name("/Pages"), Kids=Array([node]), Count=root.Count))
        pdf.Root.Pages = node
    else:
        pdf.pages[0].obj["/Parent"] = pdf.pages[0].obj
    return _saved(pdf, rng)


def forms(rng: random.Random, data: bytes) -> bytes:
    """Pieces of page that draw themselves or one another, up to some thousand times."""
    pdf = _open(data)
    depth, times = rng.choice(((1, 1), (2, 2), (5, 4), (12, 2), (60, 1), (3, 15)))
    inner = pdf.make_stream(b"BT /F1 12 Tf 70 700 Td (Form) Tj ET", Type=Name("/XObject"), Subtype=Name("/Form"))
    inner.BBox = Array([0, 0, 595, 842])
    first = inner
    for _ in range(depth):
        outer = pdf.make_stream(b"/Fm0 Do\n" * times, Type=Name("/XObject"), Subtype=Name("/Form"))
        outer.BBox = Array([0, 0, 595, 842])
        outer.Resources = Dictionary(XObject=Dictionary(Fm0=inner))
        inner = outer
    if rng.random() < 0.4:
        first.Resources = Dictionary(XObject=Dictionary(Fm0=inner))
        first.write(b"/Fm0 Do")
    page = rng.choice(list(pdf.pages))
    page.obj["/Resources"] = page.obj.get("/Resources", Dictionary())
    page.obj.Resources["/XObject"] = Dictionary(Fm0=inner)
    page.contents_add(b"/Fm0 Do", prepend=rng.random() < 0.5)
    return _saved(pdf, rng)


def rules(rng: random.Random, data: bytes) -> bytes:
    """Drawn lines by the hundred, across the text: tables that cannot be told into cells."""
    pdf = _open(data)
    made = []
    for _ in range(rng.choice((6, 60, 800, 5000))):
        x, y = rng.randint(30, 560), rng.randint(30, 800)
        wide, high = rng.choice(((rng.randint(20, 500), 0.5), (0.5, rng.randint(20, 700)), (rng.randint(40, 300), 40)))
        made.append(b"%d %d %.1f %.1f re f" % (x, y, wide, high))
    for page in pdf.pages[: rng.choice((1, 3))]:
        page.contents_add(b"q 0.8 g\n" + b"\n".join(made) + b"\nQ", prepend=True)
    return _saved(pdf, rng)


def splice(rng: random.Random, data: bytes) -> bytes:
    """A second file behind the first, whole or in part."""
    start = rng.randrange(len(data))
    return data + data[start : start + rng.randrange(1, len(data))]


BYTES: tuple[Made, ...] = (
    flip_bits, flip_structure, truncate, cut_out, repeat, insert, numbers, swap_objects, lengths, cross_reference,
    splice,
)  # fmt: skip
STRUCTURE: tuple[Made, ...] = (
    content_noise, content_numbers, content_commands, content_again, page_boxes, objects, fonts, page_tree, forms,
    rules,
)  # fmt: skip


def mutated(number: int, seed: int, bases: list[bytes]) -> tuple[str, bytes]:
    """The input of that number: what was done, and the bytes."""
    rng = random.Random(f"{seed}/{number}")
    fixed = bombs()
    if number < len(fixed):
        name = list(fixed)[number]
        return f"bomb: {name}", fixed[name]()
    data, names = rng.choice(bases), []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        step = rng.choice(STRUCTURE if rng.random() < 0.6 else BYTES)
        try:
            data = step(rng, data)
        except Exception:  # what an earlier step broke cannot be taken apart any more
            step = rng.choice(BYTES)
            data = step(rng, data) if len(data) > 20 else data
        names.append(step.__name__)
    return ", ".join(names), data
