"""`python -m yusuan`: the command line without an installed script."""

from yusuan.commands.main import main

if __name__ == "__main__":
    main(prog_name="yusuan")
