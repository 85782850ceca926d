package dev.tars.image;

import dev.tars.runner.model.ByteCount;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The labels by which a sandbox image says what is in it. */
public final class ImageLabels {
  /** The version of these labels; images without it are not ours. */
  public static final String SCHEMA = "dev.tars.image.schema";

  public static final String SCHEMA_VERSION = "1";

  /** What the base was made of, as one word; the provisioning script compares it. */
  public static final String RECIPE = "dev.tars.image.recipe";

  /** The packages that matter, {@code name=version}, separated by spaces. */
  public static final String CONTENTS = "dev.tars.image.contents";

  /** Followed by the name of a toolchain: the bytes that it adds to those before it. */
  public static final String COST = "dev.tars.image.cost.";

  private static final List<String> TOLD =
      List.of("maven", "nodejs", "npm", "perl-base", "python3", "python3-pytest");

  private ImageLabels() {}

  static Map<String, String> of(BuildRequest request, ImageContents contents, ByteCount grammars) {
    Map<String, String> labels = new TreeMap<>();
    labels.put(SCHEMA, SCHEMA_VERSION);
    labels.put(RECIPE, request.recipe());
    labels.put(CONTENTS, contents(contents.packages()));
    ToolchainCosts.of(contents)
        .forEach((name, size) -> labels.put(COST + name, Long.toString(size.bytes())));
    labels.put(COST + "grammars", Long.toString(grammars.bytes()));
    return labels;
  }

  private static String contents(Map<String, InstalledPackage> packages) {
    return packages.values().stream()
        .filter(p -> TOLD.contains(p.name()) || p.name().matches("openjdk-[0-9]+-jdk-headless"))
        .map(p -> p.name() + "=" + p.version())
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
