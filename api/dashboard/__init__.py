"""The dashboard: one page at `/` and the files it is made of under `/assets/`, as routes for the API to mount."""

from starlette.routing import BaseRoute, Route

from api.dashboard.endpoints import asset, page

__all__ = ["routes"]

routes: list[BaseRoute] = [
    Route("/", page, name="dashboard"),
    Route("/assets/{path:path}", asset, name="dashboard-asset"),
]
