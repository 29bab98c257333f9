"""A process that works with templates ends when it needs too much, and is missed by nobody."""

import os
import signal
import threading

import psutil
import pytest

from effects import rendering
from effects.confined import Confined, Overrun


@pytest.fixture
def renderer():
    confined = Confined("effects.renderer")
    yield confined
    confined.close()


def fill(source, **order):
    return {"what": "fill", "switches": [], "source": source, "values": {}, **order}


def test_one_that_was_killed_is_started_again_and_asked_again(renderer):
    assert renderer.ask(fill("a"), 20) == ({}, [b"a"])
    os.kill(renderer._process.pid, signal.SIGKILL)
    assert renderer.ask(fill("b"), 20) == ({}, [b"b"])


def test_one_that_is_held_up_once_is_no_verdict(renderer):
    renderer.ask(fill("a"), 20)
    os.kill(renderer._process.pid, signal.SIGSTOP)
    assert renderer.ask(fill("b"), 2) == ({}, [b"b"])


def test_what_takes_the_processor_is_ended_at_once_and_for_good(renderer):
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(Overrun):
        renderer.ask(fill(endless, seconds=1), 20)
    assert renderer._process is None
    assert renderer.ask(fill("b"), 20) == ({}, [b"b"])


def test_many_threads_share_one_process(renderer):
    found = []
    asked = [
        threading.Thread(target=lambda n=n: found.append(renderer.ask(fill(f"{n}"), 20)[1][0]))
        for n in range(8)
    ]
    for each in asked:
        each.start()
    for each in asked:
        each.join()
    assert sorted(found) == [f"{n}".encode() for n in range(8)]


def test_closing_leaves_no_process_behind(renderer):
    renderer.ask(fill("a"), 20)
    process = psutil.Process(renderer._process.pid)
    renderer.close()
    assert not process.is_running()


def test_the_sentences_of_a_limit_are_in_both_languages():
    with pytest.raises(rendering.TemplateWrong) as wrong:
        rendering.Jinja().fill("{{ 'x' * n }}", {"n": 10**9})
    assert (wrong.value.en, wrong.value.ja) == ("it needs too much memory", "メモリを使いすぎます")
