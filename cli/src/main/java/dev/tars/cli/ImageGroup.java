package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.image.BuildRequest;
import dev.tars.image.EngineConnection;
import dev.tars.image.ImageBase;
import dev.tars.image.LoadedImage;
import dev.tars.image.SandboxImage;
import dev.tars.runner.model.Escape;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tarscli image …}. */
@Command(name = "image", description = "Build and list sandbox images.")
final class ImageGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new ImageGroup(), cli)
        .add("list", ListCommand.class, ListCommand::new)
        .add("build", BuildCommand.class, BuildCommand::new)
        .line();
  }

  private static EngineConnection engine(Cli cli) {
    return EngineConnection.at(cli.env("DOCKER_HOST").orElse("unix:///var/run/docker.sock"));
  }

  @Command(name = "list", description = "The sandbox images of the engine, and what is in them.")
  static final class ListCommand implements Callable<Integer> {
    private final Cli cli;

    ListCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      List<LoadedImage> images = SandboxImage.list(engine(cli));
      if (cli.global().json()) {
        cli.json(json(images));
        return 0;
      }
      if (images.isEmpty()) {
        cli.note("no sandbox image: scripts/provision builds the default one");
      }
      for (LoadedImage image : images) {
        cli.out()
            .println(String.join(", ", image.tags()) + "  " + image.id() + "  " + image.size());
        new TreeMap<>(image.labels())
            .forEach((k, v) -> cli.out().println("  " + Escape.line(k) + " = " + Escape.line(v)));
      }
      return 0;
    }

    private static ObjectNode json(List<LoadedImage> images) {
      ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "tars.images/v1");
      ArrayNode all = document.putArray("images");
      for (LoadedImage image : images) {
        ObjectNode node = all.addObject().put("id", image.id()).put("bytes", image.size().bytes());
        image.tags().forEach(node.putArray("tags")::add);
        ObjectNode labels = node.putObject("labels");
        image.labels().forEach(labels::put);
      }
      return document;
    }
  }

  @Command(name = "build", description = "Build a sandbox image on a base and load it.")
  static final class BuildCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(
        names = "--base",
        required = true,
        paramLabel = "BASE",
        description = "An image of a registry, or rootfs:FILE.")
    private String base = "";

    @Option(
        names = "--tag",
        defaultValue = "tars-sandbox:default",
        paramLabel = "TAG",
        description = "Its name (default: tars-sandbox:default).")
    private String tag = "";

    BuildCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      Path cache =
          cli.env("XDG_CACHE_HOME")
              .map(Path::of)
              .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
              .resolve("tars");
      LoadedImage image =
          SandboxImage.build(
              new BuildRequest(ImageBase.parse(base), tag, "custom", cache), engine(cli));
      cli.out().println(tag + " " + image.id() + " " + image.size());
      return 0;
    }
  }
}
