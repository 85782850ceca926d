package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.run.bench.Caches;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarscli cache …}: host directories become immutable caches that a policy may name. */
@Command(name = "cache", description = "Import and list dependency caches.")
final class CacheGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new CacheGroup(), cli)
        .add("import", ImportCommand.class, ImportCommand::new)
        .add("list", ListCommand.class, ListCommand::new)
        .line();
  }

  @Command(name = "import", description = "Copy a directory into the state directory as a cache.")
  static final class ImportCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", paramLabel = "NAME", description = "The name that policies use.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "The directory to copy.")
    private Path directory = Path.of("");

    ImportCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.anywhere()) {
        Caches.Cache cache = runner.caches().importFrom(name, directory);
        cli.out().println(cache.name() + " " + cache.digest());
        return 0;
      }
    }
  }

  @Command(name = "list", description = "The imported caches.")
  static final class ListCommand implements Callable<Integer> {
    private final Cli cli;

    ListCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.anywhere()) {
        List<Caches.Cache> caches = runner.caches().list();
        if (cli.global().json()) {
          ObjectNode document =
              JsonNodeFactory.instance.objectNode().put("schema", "tars.caches/v1");
          ArrayNode all = document.putArray("caches");
          caches.forEach(
              c -> all.addObject().put("name", c.name()).put("digest", c.digest().toString()));
          cli.json(document);
          return 0;
        }
        if (caches.isEmpty()) {
          cli.note("no caches: import one with `tarscli cache import NAME DIR`");
        }
        caches.forEach(c -> cli.out().printf("%-16s %s%n", c.name(), c.digest()));
        return 0;
      }
    }
  }
}
