"""Pictures of the documentation in 256 colours: half the weight, and nobody sees it."""

import base64
import struct
import zlib

from playwright.sync_api import Browser

# The commonest colours make the palette; each other one takes its nearest there.
_REDUCE = """async (png) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const { width, height } = picture;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const seen = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const colour of seen) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256);
  const palette = common.map(([colour]) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]);
  const places = new Map(common.map(([colour], place) => [colour, place]));
  const nearest = (colour) => {
    let best = 0, least = Infinity;
    palette.forEach(([r, g, b], place) => {
      const far = (r - (colour & 255)) ** 2 + (g - ((colour >> 8) & 255)) ** 2 + (b - ((colour >> 16) & 255)) ** 2;
      if (far < least) [least, best] = [far, place];
    });
    places.set(colour, best);
    return best;
  };
  const drawn = Uint8Array.from(seen, (colour) => places.get(colour) ?? nearest(colour));
  let text = "";
  for (let at = 0; at < drawn.length; at += 8192) text += String.fromCharCode(...drawn.subarray(at, at + 8192));
  return { width, height, palette: palette.flat(), drawn: btoa(text) };
}"""


def reduced(png: bytes, browser: Browser) -> bytes:
    """Return `png` with a palette (PNG, third edition, §11.2.2), of the same size in pixels."""
    page = browser.new_page()
    found = page.evaluate(_REDUCE, base64.b64encode(png).decode())
    page.close()
    width, drawn = found["width"], base64.b64decode(found["drawn"])
    rows = b"".join(b"\0" + drawn[at : at + width] for at in range(0, len(drawn), width))
    head = struct.pack(">IIBBBBB", width, found["height"], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
