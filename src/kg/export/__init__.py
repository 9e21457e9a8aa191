"""Answers, cases and graphs in the formats of the contract."""

from kg.export.contract import assessment_json, provision_json, report_json
from kg.export.what_if import what_if_json

__all__ = ["assessment_json", "provision_json", "report_json", "what_if_json"]
