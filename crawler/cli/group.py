"""`crawl` as a group of subcommands; its error messages suggest what was meant."""

import typer
from typer.core import TyperGroup


class CrawlGroup(TyperGroup):
    """Rejects options that would have no effect, and names the subcommand that an option belongs to."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # Typer's own
        """Parse the options before the subcommand."""
        own = {name for param in self.params for name in param.opts} | {"--help"}
        for arg in args:
            name = arg.partition("=")[0]
            if arg in self.commands:
                break
            if name.startswith("--") and name not in own:
                self._explain(ctx, name)
            if "://" in arg and not arg.startswith("-"):
                ctx.fail(f"No such command {arg!r}. To see how a page is read: crawl preview {arg}")
        return super().parse_args(ctx, args)

    def _explain(self, ctx: typer.Context, name: str) -> None:
        """Fail if *name* is a subcommand, or an option of subcommands alone."""
        if name.removeprefix("--") in self.commands:
            ctx.fail(f"No such option: {name}. It is a command: crawl {name.removeprefix('--')}")
        takers = [command for command in self.commands if self._takes(command, name)]
        if takers:
            names = ", ".join(f"crawl {command}" for command in takers)
            ctx.fail(f"No such option: {name}. It belongs to: {names}")

    def _takes(self, command: str, name: str) -> bool:
        return any(name in param.opts for param in self.commands[command].params)

    def reject_options_before(self, command: str, ctx: typer.Context) -> None:
        """Fail if an option other than --config comes before *command*, where it has no effect."""
        for param in self.params:
            source = ctx.get_parameter_source(param.name or "")
            if param.name == "config" or source is None or source.name != "COMMANDLINE":
                continue
            option = param.opts[0]
            if self._takes(command, option):
                ctx.fail(f"{option} must follow the command: crawl {command} {option} ...")
            ctx.fail(f"{option} has no effect on crawl {command}")
