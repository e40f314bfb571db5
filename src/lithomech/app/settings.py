"""The option --set KEY=VALUE."""

from lithomech.errors import InputError


def split_setting(setting: str) -> tuple[str, str]:
    """Key and value.

    Raises:
        InputError: no equals sign, or nothing before it.
    """
    key, equals, value = setting.partition("=")
    if not (key.strip() and equals):
        raise InputError(
            f"--set {setting!r}: expected KEY=VALUE, such as temperature='60 degC'"
        )
    return key.strip(), value.strip()
