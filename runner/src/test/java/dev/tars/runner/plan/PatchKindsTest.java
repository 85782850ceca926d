package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RunnerException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Diffs as tools and people hand them on: read as they are meant, or refused with a reason. */
class PatchKindsTest {
  private static final String ONE = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";

  private static List<FilePatch> files(String diff) {
    return PatchParser.parse(Bytes.utf8(diff));
  }

  private static String paths(String diff) {
    List<String> paths = new ArrayList<>();
    for (FilePatch file : files(diff)) {
      paths.add(
          file.oldPath().map(Bytes::lossyText).orElse("none")
              + " > "
              + file.newPath().map(Bytes::lossyText).orElse("none"));
    }
    return String.join(", ", paths);
  }

  /** What stands beside a file and says a change, or cannot be told from one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Only in b: new.txt\n",
        "Binary files a/i.png and b/i.png differ\n",
        "Files a/i.png and b/i.png differ\n",
        "Binary file i.png has changed\n",
        "Symbolic links a/l and b/l differ\n",
        "File a/k is a directory while file b/k is a regular file\n",
        "Submodule lib 1234567..89abcde:\n",
        "Submodule lib contains modified content\n",
        "Property changes on: x\n",
        "Added: svn:executable\n",
        "Index: i.png\n===================================\nCannot display: file marked as a binary type.\n",
        "Index: empty.txt\n===================================\n",
        "diff -ruN a/empty b/empty\n",
        "*** a/y\t2026-01-01\n--- b/y\t2026-01-01\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n",
        "diff --cc y\nindex 1,2..3\n",
        "@@@ -1,1 -1,1 +1,1 @@@\n",
        "Content-Transfer-Encoding: quoted-printable\n"
      })
  void aChangeThatIsNotInTheDiffIsRefusedBeforeAndBehindAFile(String said) {
    assertThatThrownBy(() -> files(said + ONE)).isInstanceOf(RunnerException.class);
    assertThatThrownBy(() -> files(ONE + said)).isInstanceOf(RunnerException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ONE + "+c\n",
        ONE + " c\n",
        ONE + "-c\n",
        ONE + "\\ No newline at end of file\n\\ No newline at end of file\n",
        ONE + "some text\n",
        ONE + "From 7654321 Mon Sep 17 00:00:00 2001\n\n" + ONE,
        "@@ -9 +9 @@\n-a\n+b\n" + ONE,
        ONE + "commit 1234567\nAuthor: x\n",
        ONE + "-- \n-more\n",
        ONE + "-- \n2.39.5\n" + ONE,
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b",
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline",
        "--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n",
        "--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
        "--- a/x\n+++ a/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- /dev/null\n+++ src/x\n@@ -0,0 +1 @@\n+b\n",
        "--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+b\n",
        "--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "--- a/x\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n",
        "--- a/x\n+++ b/x\n@@ -0,0 +0,0 @@\n",
        "diff --git a/x b/x\nindex 1..2 100644\n",
        "diff --git a/x b/x\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
        "diff --git a/x b/x\nnew mode 100755\n",
        "diff --git a/x b/x\nold mode 100644\nnew mode 100777\n",
        "diff --git a/x b/x\nnew file mode 100644\ndeleted file mode 100644\n",
        "diff --git a/x b/y\nrename from x\n",
        "From 1234567 Mon Sep 17 00:00:00 2001\nSubject: x\n\nFrom 7654321 Mon Sep 17 00:00:00 2001\n\n"
            + ONE
      })
  void whatContradictsItselfOrIsCutShortIsRefused(String diff) {
    assertThatThrownBy(() -> files(diff)).isInstanceOf(RunnerException.class);
  }

  @Test
  void namesAreThoseThatAreMeant() {
    String hunk = "@@ -1 +1 @@\n-a\n+b\n";
    assertThat(paths(ONE)).isEqualTo("x > x");
    assertThat(paths("--- src/x\n+++ src/x\n" + hunk)).isEqualTo("src/x > src/x");
    assertThat(paths("--- one/src/x\n+++ two/src/x\n" + hunk)).isEqualTo("src/x > src/x");
    assertThat(paths("--- m.py.orig\n+++ m.py\n" + hunk)).isEqualTo("m.py > m.py");
    assertThat(paths("--- src/m.py\n+++ src/m.py~\n" + hunk)).isEqualTo("src/m.py > src/m.py");
    assertThat(paths("diff --git src/x src/x\n--- src/x\n+++ src/x\n" + hunk))
        .isEqualTo("src/x > src/x");
    assertThat(paths("diff --git i/x w/x\n--- i/x\n+++ w/x\n" + hunk)).isEqualTo("x > x");
    assertThat(paths("diff --git src/a lib/a\nrename from src/a\nrename to lib/a\n"))
        .isEqualTo("src/a > lib/a");
    assertThat(
            paths(
                "Index: src/x\n"
                    + "=".repeat(67)
                    + "\n--- src/x\t(revision 1)\n+++ src/x\t(working copy)\n"
                    + hunk))
        .isEqualTo("src/x > src/x");
    assertThat(paths("diff -r 1 -r 2 x\n" + ONE + "\ndiff -r 1 -r 2 x\n" + ONE)).contains(", ");
  }

  /** {@code diff -N} says by the time of the epoch, in whatever zone, that there is no file. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01 00:00:00.000000000 +0000",
        "1969-12-31 19:00:00.000000000 -0500",
        "1970-01-01 05:30:00.000000000 +0530",
        "1970-01-01 00:00:00 +0000"
      })
  void theTimeOfTheEpochIsNoFile(String epoch) {
    String now = "2026-01-01 10:00:00.000000000 +0000";
    assertThat(paths("--- a/x\t" + epoch + "\n+++ b/x\t" + now + "\n@@ -0,0 +1 @@\n+b\n"))
        .isEqualTo("none > x");
    assertThat(paths("--- a/x\t" + now + "\n+++ b/x\t" + epoch + "\n@@ -1 +0,0 @@\n-a\n"))
        .isEqualTo("x > none");
    assertThat(paths("--- a/x\t" + now + "\n+++ b/x\t" + now + "\n@@ -1 +0,0 @@\n-a\n"))
        .isEqualTo("x > x");
  }

  @Test
  void aSeriesIsToldByItsMails() {
    String mail = "From 1234567 Mon Sep 17 00:00:00 2001\nSubject: x\n\n---\n x | 2 +-\n\n";
    List<FilePatch> files = files(mail + ONE + "-- \n2.39.5\n\n" + mail + ONE + "-- \n2.39.5\n\n");
    assertThat(files).extracting(FilePatch::part).containsExactly(0, 1);
  }
}
