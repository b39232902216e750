"""Giving an account back: `DELETE /accounts/123456789012` forgets all that is in it.

Each test has an account of its own, and moto keeps some megabytes for each: with hundreds of them its garbage
collector stops the world for seconds.
"""

PATH = "/accounts/"


def forget(account):
    from moto.core.base_backend import BackendDict, backend_lock

    with backend_lock:
        for backend in {id(it): it for it in BackendDict._instances}.values():
            dict.pop(backend, account, None)


def repair_records():
    # For its dashboard moto keeps whatever was ever made, gone or not: nothing would come free.
    from moto.core.common_models import BaseModel

    BaseModel.__new__ = lambda cls, *args, **kwargs: object.__new__(cls)


def wrapped(app):
    def answer(environ, start_response):
        path = environ.get("PATH_INFO", "")
        account = path.removeprefix(PATH)
        asked = environ.get("REQUEST_METHOD") == "DELETE" and path.startswith(PATH)
        if not (asked and account.isdigit()):
            return app(environ, start_response)
        forget(account)
        start_response("204 No Content", [("Content-Length", "0")])
        return []

    return answer
