"""From a document to data: JSON as it is, ntc-templates for network CLIs, jc for Unix tools."""
