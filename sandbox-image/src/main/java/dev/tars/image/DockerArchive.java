package dev.tars.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads an image in the form of {@code docker save}. */
final class DockerArchive {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int JSON_LIMIT = 4 << 20;

  private final Path tar;

  DockerArchive(Path tar) {
    this.tar = tar;
  }

  /** Reads every layer into {@code scan}, bottom first. */
  void scan(LayerScan scan) throws IOException {
    for (String layer : layers()) {
      try (TarArchiveInputStream in = open(layer)) {
        scan.add(plain(in));
      }
    }
  }

  /** The volumes that the image declares. */
  List<String> volumes() throws IOException {
    JsonNode config = json(manifest().path("Config").asText());
    List<String> volumes = new ArrayList<>();
    config.path("config").path("Volumes").fieldNames().forEachRemaining(volumes::add);
    return volumes;
  }

  /** The environment that the image declares, {@code NAME=value}. */
  List<String> environment() throws IOException {
    List<String> environment = new ArrayList<>();
    JsonNode config = json(manifest().path("Config").asText());
    config.path("config").path("Env").forEach(e -> environment.add(e.asText()));
    return environment;
  }

  private List<String> layers() throws IOException {
    List<String> layers = new ArrayList<>();
    manifest().path("Layers").forEach(layer -> layers.add(layer.asText()));
    return layers;
  }

  private JsonNode manifest() throws IOException {
    return json("manifest.json").path(0);
  }

  private JsonNode json(String name) throws IOException {
    try (TarArchiveInputStream in = open(name)) {
      return JSON.readTree(in.readNBytes(JSON_LIMIT));
    }
  }

  /** The archive, standing at the content of the named entry. */
  private TarArchiveInputStream open(String name) throws IOException {
    TarArchiveInputStream in =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar), 1 << 16));
    for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      if (entry.getName().equals(name)) {
        return in;
      }
    }
    in.close();
    throw new RunnerException(
        FailureCode.IMAGE_REFUSED,
        "the base of the sandbox image is not an archive as 'docker save' writes it: "
            + dev.tars.runner.model.Escape.line(name)
            + " is missing",
        "Use tar: with such an archive, or rootfs: with the tar of a root file system.");
  }

  private static InputStream plain(InputStream layer) throws IOException {
    BufferedInputStream in = new BufferedInputStream(layer, 1 << 16);
    in.mark(2);
    boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return zipped ? new GZIPInputStream(in, 1 << 16) : in;
  }
}
