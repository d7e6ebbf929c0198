"""Reads event files with TensorBoard's own reader and says what it finds: check-tensorboard.py DIR (pip: tensorboard, pillow)."""

import io
import os
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

top = sys.argv[1]
for folder in sorted(name for name in os.listdir(top) if os.path.isdir(os.path.join(top, name))):
    place = os.path.join(top, folder)
    files = [os.path.join(place, name) for name in sorted(os.listdir(place)) if "tfevents" in name]
    # The loader checks the length and both checksums of every record.
    records = sum(len(list(RawEventFileLoader(file).Load())) for file in files)
    read = EventAccumulator(place, size_guidance={"scalars": 0, "images": 0, "tensors": 0}).Reload()
    tags = read.Tags()
    print(f"{folder}: {len(files)} file, {records} records")
    for tag in tags["scalars"]:
        events = read.Scalars(tag)
        steps = [event.step for event in events]
        assert len(set(steps)) == len(steps), f"{tag} has steps twice: {steps}"
        assert all(a.wall_time <= b.wall_time for a, b in zip(events, events[1:])), f"{tag}: times go back"
        print(f"  {tag}: {[(event.step, round(event.value, 4)) for event in events]}")
    for tag in tags["images"]:
        for event in read.Images(tag):
            picture = Image.open(io.BytesIO(event.encoded_image_string))
            picture.load()
            assert picture.size == (event.width, event.height), tag
            print(f"  {tag}: {event.width} x {event.height}")
    for tag in tags["tensors"]:
        for event in read.Tensors(tag):
            text = event.tensor_proto.string_val[0].decode()
            print(f"  {tag}: {len(text.splitlines())} lines of text")
    assert tags["scalars"], "no scalars"
    names = [tag for kind in ("scalars", "images", "tensors") for tag in tags[kind]]
    assert len(set(names)) == len(names), "TensorBoard shows a name once"
