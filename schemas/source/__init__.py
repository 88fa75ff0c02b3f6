"""The schemas as they are written and edited; `schemas.catalog` serves the released versions."""
