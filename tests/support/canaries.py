#!/usr/bin/env python3
"""Planted secrets, looked for in every form that they may have when somebody prints them.

canaries.py watch NAMES SEEN          the arguments and environments of all processes that name one of the lines of
                                      NAMES, into the file SEEN, until it is ended
canaries.py look WORDS PATH...        WORDS: lines "what value". Prints "what form file" for each that is found in a
                                      file or below a folder. Exit 1: found; 2: there was nothing to look at
canaries.py plant WORDS FOLDER        a file for each word and form, WHAT-NUMBER, to see that `look` finds each
"""
import base64
import html
import os
import sys
import time
import urllib.parse


def parts_of_base64(value, encode):
    """What stands in the Base64 of any text that holds the value, wherever in it the value begins."""
    for before in range(3):
        whole = encode(b"\0" * before + value)
        end = 4 * ((before + len(value)) // 3)  # what follows changes the rest
        yield f"base64 from {before}", whole[4 if before else 0:end]


def forms(value):
    raw = value.encode()
    yield "plain", raw
    yield from parts_of_base64(raw, base64.b64encode)
    for form, text in parts_of_base64(raw, base64.urlsafe_b64encode):
        yield "url " + form, text
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    yield "every byte in percent", "".join(f"%{byte:02x}" for byte in raw).encode()
    yield "every byte in PERCENT", "".join(f"%{byte:02X}" for byte in raw).encode()
    yield "percent", urllib.parse.quote(value, safe="").encode()
    yield "HTML", html.escape(value).encode()
    yield "JSON", value.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/").encode()


def read_words(path):
    words = []
    with open(path) as file:
        for line in file:
            what, _, value = line.rstrip("\n").partition(" ")
            if len(value) < 12:
                sys.exit(f"{what}: too short to be looked for")
            words.append((what, dict((text, form) for form, text in reversed(list(forms(value))))))
    return words


def files_of(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, _, names in os.walk(path):
                yield from (os.path.join(folder, name) for name in names)
        else:
            yield path


def look(words_file, paths):
    words, found, bytes_read = read_words(words_file), [], 0
    for path in files_of(paths):
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            content = file.read()
        bytes_read += len(content)
        for what, texts in words:
            found += [f"{what}: {form}: {path}" for text, form in texts.items() if text in content]
    print("\n".join(sorted(found)), end="")
    return 1 if found else 0 if words and bytes_read else 2


def plant(words_file, folder):
    """Not by the very texts that are looked for: a Base64 of more than the word, which begins anywhere in it."""
    with open(words_file) as file:
        words = [line.rstrip("\n").partition(" ")[::2] for line in file]
    for what, value in words:
        texts = [text for form, text in forms(value) if "base64" not in form]
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            texts += [encode(b"user:"[:before] + value.encode() + b" and more") for before in (3, 4, 5)]
        for number, text in enumerate(texts):
            with open(os.path.join(folder, f"{what}-{number}"), "wb") as file:
                file.write(b"before " + text + b" after")
    return 0


def read(path):
    """Nothing where the process has just gone, or is not ours to look at."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def watch(names_file, seen_file):
    with open(names_file, "rb") as file:
        names = file.read().split()
    own, begun, seen = str(os.getpid()), {}, set()
    with open(seen_file, "wb", buffering=0) as out:
        while True:
            now = time.monotonic()
            for process in filter(str.isdigit, os.listdir("/proc")):
                # Only what is new, and so may yet become another program: most go within milliseconds.
                if process == own or now - begun.setdefault(process, now) > 2:
                    continue
                arguments = read(f"/proc/{process}/cmdline")
                if (process, arguments) in seen:
                    continue
                seen.add((process, arguments))
                text = arguments + read(f"/proc/{process}/environ")
                if any(name in text for name in names):
                    out.write(text.replace(b"\0", b"\n") + b"\n")
            time.sleep(0.003)


verb = {"watch": watch, "look": lambda words, *paths: look(words, paths), "plant": plant}[sys.argv[1]]
sys.exit(verb(*sys.argv[2:]))
