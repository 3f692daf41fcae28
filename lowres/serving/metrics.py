"""What the server counts, for Prometheus."""

from collections.abc import Callable

from lowres.serving.assistant import Assistant

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counters of one server, in a registry of their own."""

    def __init__(self, assistant: Assistant, waiting: Callable[[], int]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        place = {"registry": self.registry}
        self.requests = Counter("lowres_requests", "Requests by path and status", ("path", "status"), **place)
        self.seconds = Histogram("lowres_request_seconds", "Time until the answer", ("path",), buckets=_SECONDS, **place)
        self.texts = Counter("lowres_texts", "Texts read, by how their adapter was found", ("route",), **place)
        self.errors = Counter("lowres_errors", "Texts and requests without an answer, by kind", ("kind",), **place)
        self.batch = Histogram("lowres_batch_texts", "Texts read together", buckets=_SIZES, **place)
        pool = assistant.engine.pool
        for name, text, value in (
            ("lowres_resident_adapters", "Adapters in memory", lambda: len(pool)),
            ("lowres_resident_bytes", "Bytes of the adapters in memory", lambda: pool.n_bytes),
            ("lowres_installed_adapters", "Adapters that can be asked for", lambda: len(assistant.adapters)),
            ("lowres_loaded_adapters", "Adapters read from disk since the start", lambda: pool.n_read),
            ("lowres_evicted_adapters", "Adapters put out of memory since the start", lambda: pool.n_evicted),
            ("lowres_waiting_texts", "Texts that wait to be read", waiting),
        ):
            Gauge(name, text, **place).set_function(value)

    def page(self) -> tuple[bytes, str]:
        """The text of /metrics and its type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self.registry), CONTENT_TYPE_LATEST
