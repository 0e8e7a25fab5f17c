"""The data source: `context.data_sources.add_polars(name)`, frames handed over when validated."""

from typing import Any, ClassVar, Literal

import great_expectations.exceptions as gx_exceptions
import polars as pl
from great_expectations.compatibility import pydantic
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent import BatchRequest
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.constants import _DATA_CONNECTOR_NAME
from great_expectations.datasource.fluent.interfaces import (
    Batch,
    DataAsset,
    Datasource,
)
from great_expectations.exceptions.exceptions import BuildBatchRequestError

from expectations.polars_engine.engine import PolarsExecutionEngine

EngineType = type[PolarsExecutionEngine]  # `type` is a field below


class DataFrameAsset(DataAsset[Any, Any]):
    """Frames of one kind; each is handed over as the batch option "dataframe"."""

    type: Literal["dataframe"] = "dataframe"

    class Config:
        extra = pydantic.Extra.forbid

    def test_connection(self) -> None:
        """There is nothing to connect to."""

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("dataframe",)

    def build_batch_request(
        self,
        options: dict[str, Any] | None = None,
        batch_slice: Any = None,
        partitioner: Any = None,
    ) -> BatchRequest[Any]:
        """A request for the batch of one frame.

        Raises:
            BuildBatchRequestError: unless `options` is {"dataframe": a frame} and nothing else.
        """
        if batch_slice is not None or partitioner is not None:
            raise BuildBatchRequestError("A frame is validated whole: no slice, no partitioner.")
        if not _is_one_frame(options):
            raise BuildBatchRequestError(
                'Batch options must be {"dataframe": a Polars LazyFrame or DataFrame}.'
            )
        return BatchRequest(
            datasource_name=self.datasource.name, data_asset_name=self.name, options=options
        )

    def get_batch_identifiers_list(self, batch_request: BatchRequest[Any]) -> list[dict[str, Any]]:
        return [IDDict(batch_request.options)]

    def get_batch(self, batch_request: BatchRequest[Any]) -> Batch:
        self._validate_batch_request(batch_request)
        batch_spec = RuntimeDataBatchSpec(batch_data=batch_request.options["dataframe"])
        engine = self.datasource.get_execution_engine()
        data, markers = engine.get_batch_data_and_markers(batch_spec=batch_spec)
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=data,
            metadata=self._get_batch_metadata_from_batch_request(
                batch_request=batch_request, ignore_options=("dataframe",)
            ),
            batch_markers=markers,
            batch_spec=batch_spec,
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name=_DATA_CONNECTOR_NAME,
                data_asset_name=self.name,
                batch_identifiers=make_batch_identifier(batch_request.options),
            ),
        )

    def add_batch_definition_whole_dataframe(self, name: str) -> BatchDefinition[Any]:
        """The definition of a batch that is the whole frame."""
        return self.add_batch_definition(name=name, partitioner=None)

    def _validate_batch_request(self, batch_request: BatchRequest[Any]) -> None:
        is_mine = (batch_request.datasource_name, batch_request.data_asset_name) == (
            self.datasource.name,
            self.name,
        )
        if not (is_mine and _is_one_frame(batch_request.options)):
            raise gx_exceptions.InvalidBatchRequestError(
                f"A batch request for {self.datasource.name}.{self.name} must name them and "
                f'have the options {{"dataframe": a Polars LazyFrame or DataFrame}}.'
            )


class PolarsDatasource(Datasource):  # type: ignore[type-arg]
    """Polars frames, validated by `PolarsExecutionEngine`.

    `unique_partitions` is the engine's.
    """

    asset_types: ClassVar[list[type[DataAsset[Any, Any]]]] = [DataFrameAsset]

    type: Literal["polars"] = "polars"
    assets: list[DataFrameAsset] = []  # noqa: RUF012  # pydantic copies it
    unique_partitions: pydantic.PositiveInt = 1

    @property
    def execution_engine_type(self) -> EngineType:
        return PolarsExecutionEngine

    def get_execution_engine(self) -> PolarsExecutionEngine:
        """A new engine for each batch, so that batches can be validated in threads at once."""
        return PolarsExecutionEngine(unique_partitions=self.unique_partitions)

    def test_connection(self, test_assets: bool = True) -> None:
        """There is nothing to connect to."""

    def add_dataframe_asset(
        self, name: str, batch_metadata: dict[str, Any] | None = None
    ) -> DataFrameAsset:
        """A new asset of this data source."""
        return self._add_asset(DataFrameAsset(name=name, batch_metadata=batch_metadata or {}))


def _is_one_frame(options: dict[str, Any] | None) -> bool:
    return (
        options is not None
        and set(options) == {"dataframe"}
        and isinstance(options["dataframe"], pl.LazyFrame | pl.DataFrame)
    )
