"""``python -m naome_assets`` is ``naome``."""

from naome_assets.cli import main

if __name__ == "__main__":
    main()
