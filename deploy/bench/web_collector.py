"""The web collector's table and its export, as such scripts are written with Django: what the panel's export is measured beside.

  web_collector.py fill TABLE.sqlite3 PANEL.db    the rows of a panel's store as home_drawndigit, PNG as data URL
  web_collector.py npz|json TABLE.sqlite3 OUT     a loop over the rows: base64, Pillow, gray, 28 x 28, an array; then the file
"""

import base64
import datetime
import io
import json
import sqlite3
import struct
import sys

import django
from django.conf import settings

command, table, path = sys.argv[1:]
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": table}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
)
django.setup()

from django.db import connection, models  # noqa: E402


class DrawnDigit(models.Model):
    digit_label = models.IntegerField()
    image_data = models.TextField()
    created_at = models.DateTimeField()
    username = models.CharField(max_length=100)

    class Meta:
        app_label = "home"
        db_table = "home_drawndigit"


def fill() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(DrawnDigit)
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = store.execute(
        "SELECT s.label, s.record, s.wall, c.name FROM samples s JOIN contributors c ON c.id = s.contributor"
        " WHERE s.data_set = 1 ORDER BY s.id"
    )
    while some := rows.fetchmany(2000):
        made = []
        for label, record, wall, name in some:
            header, strokes, picture = struct.unpack_from("<III", record, 16)
            png = record[28 + header + strokes : 28 + header + strokes + picture]
            url = "data:image/png;base64," + base64.b64encode(png).decode()
            when = datetime.datetime.fromtimestamp(wall / 1000, datetime.timezone.utc)
            made.append(DrawnDigit(digit_label=label, image_data=url, created_at=when, username=name or "Anonymous"))
        DrawnDigit.objects.bulk_create(made)


def image(url: str):
    import numpy
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",", 1)[1])))
    return numpy.array(picture.convert("L").resize((28, 28)), dtype=numpy.uint8)


def export() -> None:
    import numpy

    images, labels, names, rows = [], [], [], []
    for digit in DrawnDigit.objects.order_by("id").iterator():
        pixels = image(digit.image_data)
        if command == "npz":
            images.append(pixels)
            labels.append(digit.digit_label)
            names.append(digit.username)
        else:
            rows.append({
                "id": digit.id, "username": digit.username, "label": digit.digit_label, "image": pixels.tolist(),
                "created_at": digit.created_at.isoformat(),
            })
    if command == "npz":
        numpy.savez_compressed(path, images=numpy.array(images), labels=numpy.array(labels), usernames=numpy.array(names))
    else:
        with open(path, "w") as file:
            json.dump(rows, file)


fill() if command == "fill" else export()
