"""Reads data sets as other people's programs do, and saves what they saw as plain arrays: read_sets.py IN OUT

It runs in an environment of its own, with idx2numpy and Hugging Face's datasets.
"""

import json
import pathlib
import sys

import datasets
import idx2numpy
import numpy

datasets.disable_progress_bars()
place, out = map(pathlib.Path, sys.argv[1:])
seen = {}

raw = place / "idx" / "MNIST" / "raw"
for split, prefix in (("train", "train"), ("test", "t10k")):
    numpy.save(out / f"idx-{split}-images.npy", idx2numpy.convert_from_file(str(raw / f"{prefix}-images-idx3-ubyte")))
    numpy.save(out / f"idx-{split}-labels.npy", idx2numpy.convert_from_file(str(raw / f"{prefix}-labels-idx1-ubyte")))

for name in ("imagefolder", "imagefolder280"):
    both = datasets.load_dataset(str(place / name), cache_dir=str(out / "cache"))
    seen[name] = {"splits": sorted(both), "columns": both["train"].column_names}
    seen[name]["label"] = both["train"].features["label"].dtype
    for split in both:
        rows = both[split]
        numpy.save(out / f"{name}-{split}-images.npy", numpy.array([numpy.array(row["image"]) for row in rows]))
        numpy.save(out / f"{name}-{split}-labels.npy", numpy.array(rows["label"]))
        seen[name][split] = {"ids": list(rows["id"]), "flags": list(rows["flags"])}

for name in ("json", "csv", "ndjson"):
    rows = datasets.load_dataset(str(place / name), cache_dir=str(out / "cache"))["train"]
    seen[name] = {"columns": rows.column_names, "ids": list(rows["key_id" if name == "ndjson" else "id"])}
    seen[name]["labels"] = list(rows["label"])
seen["ndjson"]["drawing"] = rows[0]["drawing"]
(out / "seen.json").write_text(json.dumps(seen))
