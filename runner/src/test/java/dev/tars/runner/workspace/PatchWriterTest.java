package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The patch of a change set, as git itself applies it; and the lines that are counted of it. */
class PatchWriterTest {
  private static final int FILES = 60;

  @TempDir private Path temp;
  private StoreLayout layout;

  @BeforeEach
  void open() {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void git_applies_it_and_takes_it_back(long seed) throws Exception {
    Random random = new Random(seed);
    Path tree = Files.createDirectories(temp.resolve("tree"));
    List<Change> changes = new ArrayList<>();
    List<byte[]> before = new ArrayList<>();
    List<byte[]> after = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      byte[] old = text(random);
      byte[] now = random.nextInt(8) == 0 ? text(random) : edited(old, random);
      if (Arrays.equals(old, now)) {
        now = Arrays.copyOf(now, now.length + 1);
      }
      Files.write(tree.resolve("f" + i), old);
      changes.add(change("f" + i, old, now));
      before.add(old);
      after.add(now);
    }
    Path patch = written(changes);
    git(tree, "apply", "--whitespace=nowarn", patch.toString());
    for (int i = 0; i < FILES; i++) {
      assertThat(tree.resolve("f" + i)).hasBinaryContent(after.get(i));
    }
    git(tree, "apply", "--whitespace=nowarn", "-R", patch.toString());
    for (int i = 0; i < FILES; i++) {
      assertThat(tree.resolve("f" + i)).hasBinaryContent(before.get(i));
    }
  }

  @Test
  void a_file_that_is_too_long_for_lines_goes_as_bytes() throws Exception {
    byte[] old = "a line\n".repeat(1_500_000).getBytes(StandardCharsets.US_ASCII);
    byte[] now = Arrays.copyOf(old, old.length - 3);
    Path tree = Files.createDirectories(temp.resolve("tree"));
    Files.write(tree.resolve("long"), old);
    Change change = change("long", old, now);
    git(tree, "apply", written(List.of(change)).toString());
    assertThat(tree.resolve("long")).hasBinaryContent(now);
    // What cannot be compared is not small: all of it counts, so that no limit is passed that way.
    assertThat(ChangeStats.Lines.of(change, layout.objects()))
        .isEqualTo(new ChangeStats.Lines(true, 1_500_000, 1_500_000));
  }

  @Test
  void lines_are_counted_as_git_counts_them() throws Exception {
    byte[] old = numbered(0, 60_000);
    byte[] now =
        new String(old, StandardCharsets.US_ASCII)
            .replaceAll("(line \\d*7)\n", "$1 new\n")
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(ChangeStats.Lines.of(change("f", old, now), layout.objects()))
        .isEqualTo(new ChangeStats.Lines(true, 6_000, 6_000));
    byte[] longer = numbered(0, 60_003);
    assertThat(ChangeStats.Lines.of(change("f", old, longer), layout.objects()))
        .isEqualTo(new ChangeStats.Lines(true, 3, 0));
    assertThat(ChangeStats.Lines.of(change("f", new byte[] {0}, old), layout.objects()))
        .isEqualTo(new ChangeStats.Lines(false, 0, 0));
  }

  /** An exact difference of these takes hours: the lines times the lines that differ. */
  @Test
  @Timeout(120)
  void texts_that_are_made_to_take_for_ever_do_not() {
    Random random = new Random(1);
    byte[] old = twoKinds(random, 400_000);
    byte[] now = twoKinds(random, 400_000);
    ChangeStats.Lines lines = ChangeStats.Lines.of(change("f", old, now), layout.objects());
    assertThat(lines.added()).isEqualTo(lines.removed()).isGreaterThan(100_000);
  }

  private static byte[] twoKinds(Random random, int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(random.nextBoolean() ? "a\n" : "b\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] numbered(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append("line ").append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Few kinds of lines, so that there is much to confuse; every line end; no end; no text at all.
   */
  private static byte[] text(Random random) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int lines = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(80);
    for (int i = 0; i < lines; i++) {
      text.writeBytes(line(random));
    }
    if (random.nextInt(3) == 0) {
      text.writeBytes("no end".getBytes(StandardCharsets.US_ASCII));
    }
    if (random.nextInt(12) == 0) {
      text.write(0);
    }
    return text.toByteArray();
  }

  private static byte[] line(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "\n".getBytes(StandardCharsets.US_ASCII);
      case 1 -> "}\r\n".getBytes(StandardCharsets.US_ASCII);
      case 2 -> new byte[] {(byte) 0xff, (byte) random.nextInt(0x80, 0x100), '\r', '\n'};
      default -> ("line " + random.nextInt(30) + "\n").getBytes(StandardCharsets.US_ASCII);
    };
  }

  private static byte[] edited(byte[] old, Random random) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (Bytes line : TextLines.split(old)) {
      switch (random.nextInt(10)) {
        case 0 -> {}
        case 1 -> text.writeBytes(line(random));
        case 2 -> {
          text.writeBytes(line.toArray());
          text.writeBytes(line(random));
        }
        default -> text.writeBytes(line.toArray());
      }
    }
    return text.toByteArray();
  }

  private Change change(String path, byte[] before, byte[] after) {
    return new Change(RelativePath.of(path), Optional.of(file(before)), Optional.of(file(after)));
  }

  private TreeEntry file(byte[] content) {
    Digest digest = layout.objects().put(content);
    return new TreeEntry.RegularFile(0644, digest, content.length);
  }

  private Path written(List<Change> changes) throws IOException {
    Path patch = temp.resolve("change.patch");
    try (OutputStream out = Files.newOutputStream(patch)) {
      PatchWriter.write(
          new ChangeSet(Digest.of(new byte[0]), changes, List.of(), List.of()),
          layout.objects(),
          out);
    }
    return patch;
  }

  private void git(Path directory, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    Path log = temp.resolve("git.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as(() -> read(log)).isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
