"""Answers, cases and graphs in the formats of the contract."""

from kg.export.contract import assessment_json, provision_json, report_json

__all__ = ["assessment_json", "provision_json", "report_json"]
