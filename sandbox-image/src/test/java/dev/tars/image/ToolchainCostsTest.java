package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ToolchainCostsTest {
  private static final String STATUS =
      """
      Package: perl-base
      Status: install ok installed
      Version: 5.36

      Package: openjdk-17-jdk-headless
      Status: install ok installed
      Version: 17.0.1
      Depends: libc6 (>= 2.34), openjdk-17-jre-headless (= 17.0.1)

      Package: openjdk-17-jre-headless
      Status: install ok installed
      Version: 17.0.1
      Provides: java-runtime-headless

      Package: maven
      Status: install ok installed
      Version: 3.8.7
      Depends: default-jre-headless | java-runtime-headless, libmaven-java

      Package: libmaven-java
      Status: install ok installed
      Version: 3.8.7

      Package: removed
      Status: deinstall ok config-files
      Version: 1
      """;

  @TempDir Path work;

  @Test
  void everyByteCountsForOneToolchainAndThatIsTheFirstThatNeedsIt() throws IOException {
    Map<String, ByteCount> costs =
        ToolchainCosts.of(
            scan(
                new TarFixture()
                    .file("var/lib/dpkg/status", 0644, STATUS)
                    .file(list("openjdk-17-jre-headless:amd64"), 0644, "/.\n/usr/lib/jvm/17\n")
                    .file(list("libmaven-java"), 0644, "/.\n/usr/share/maven/core.jar\n")
                    .file(list("perl-base"), 0644, "/bin/perl\n")
                    .file("usr/lib/jvm/17/classes.jsa", 0644, "x".repeat(1000))
                    .file("usr/share/maven/core.jar", 0644, "x".repeat(30))
                    .file("usr/bin/perl", 0755, "x".repeat(7))));
    assertThat(costs.get("java").bytes()).as("found by its directory").isEqualTo(1000);
    assertThat(costs.get("maven").bytes()).as("without the Java that it shares").isEqualTo(30);
    long base = costs.get("base").bytes();
    assertThat(base).isGreaterThanOrEqualTo(7 + STATUS.length());
    assertThat(costs.keySet()).containsExactly("base", "java", "python", "maven", "node");
  }

  @Test
  void anImageWithoutAPackageListHasNoFigures() throws IOException {
    assertThat(ToolchainCosts.of(scan(TarFixture.rootFs()))).isEmpty();
  }

  @Test
  void aRemovedPackageIsNotListed() {
    assertThat(DpkgDatabase.parse(STATUS))
        .containsOnlyKeys(
            "libmaven-java",
            "maven",
            "openjdk-17-jdk-headless",
            "openjdk-17-jre-headless",
            "perl-base");
  }

  private static String list(String name) {
    return "var/lib/dpkg/info/" + name + ".list";
  }

  private ImageContents scan(TarFixture layer) throws IOException {
    LayerScan scan = new LayerScan(work);
    scan.add(new ByteArrayInputStream(layer.bytes()));
    return scan.contents();
  }
}
