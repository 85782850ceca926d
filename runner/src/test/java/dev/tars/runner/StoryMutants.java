package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What tells the story after a kill, made wrong in one place at a time: the follower of {@link
 * Story} must notice each. {@code scripts/crash-test} runs it, no build does: it takes minutes.
 */
class StoryMutants {
  private static final int STEP = Integer.getInteger("tars.story.step", 3);
  private static final Path SOURCES = Path.of("src/main/java/dev/tars/runner");

  @TempDir private Path temp;

  /** One place of one file, and what stands there in the mutant. */
  private record Mutant(String file, String text, String instead, Story seenBy) {
    @Override
    public String toString() {
      return file + ": " + instead;
    }
  }

  static List<Mutant> mutants() {
    String derivation = "reconcile/Derivation.java";
    String proof = "reconcile/Proof.java";
    String runner = "SandboxRunner.java";
    return List.of(
        new Mutant(
            derivation,
            "if (proof.standing().isPresent()) {",
            "if (proof.transactions() == null) {",
            Story.APPROVE),
        new Mutant(
            derivation, "ALL -> Ending.Done.PROMOTED", "ALL -> Ending.Done.ROLLED_BACK", Story.RUN),
        new Mutant(
            derivation,
            "NOTHING -> Ending.Done.ROLLED_BACK",
            "NOTHING -> Ending.Done.PROMOTED",
            Story.ROLLBACK),
        new Mutant(derivation, "proof.rejection().isPresent()", "false", Story.REJECT),
        new Mutant(derivation, "? waitingAgain()", "? lost(\"run it again\")", Story.APPROVE),
        new Mutant(derivation, "filter(_ -> proof.patched())", "filter(_ -> false)", Story.PATCH),
        new Mutant(derivation, "filter(_ -> proof.patched())", "filter(_ -> true)", Story.PATCH),
        new Mutant(
            derivation,
            "proof.transactions().forEach(t -> all.put(t.id(), t));",
            "",
            Story.APPROVE),
        new Mutant(
            derivation,
            "\"undo it with `tarscli execute rollback --context-id \"",
            "\"run it again: \"",
            Story.RUN),
        new Mutant(derivation, "+ takenBack.get()", "+ \"TX-1\"", Story.ROLLBACK),
        new Mutant(derivation, "execute review\"", "execute rollback\"", Story.APPROVE),
        new Mutant(proof, "equals(\"patch\")", "equals(\"PATCH\")", Story.PATCH),
        new Mutant(proof, "equals(\"approval\")", "equals(\"approvals\")", Story.REJECT),
        new Mutant(proof, "t.state() == Journal.State.COMMITTED);", "false);", Story.APPROVE),
        new Mutant(proof, "case COMMITTED ->", "case ABORTED ->", Story.APPROVE),
        new Mutant(
            "reconcile/Reconciler.java",
            "return place(record)\n        .map(place -> Proof",
            "return Optional.<WorkspaceDir>empty().map(place -> Proof",
            Story.APPROVE),
        new Mutant(
            "reconcile/Reconciler.java",
            "if (proven.equals(context.record())",
            "if (true || proven.equals(context.record())",
            Story.APPROVE),
        new Mutant("context/Contexts.java", "successor.after(record)", "record", Story.RUN),
        new Mutant(
            runner, "reconciler().settle(bench.layout().running())", "List.of()", Story.REJECT),
        new Mutant(
            runner,
            "ContextDir dir = settled(request.contextId())",
            "ContextDir dir = contexts().dir(request.contextId())",
            Story.APPROVE),
        new Mutant("retention/Leftovers.java", "isWhole(layer)", "true", Story.RUN),
        new Mutant("run/PatchFile.java", "context.save(); //", "//", Story.PATCH));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void isNoticed(Mutant mutant) throws IOException {
    Path source = SOURCES.resolve(mutant.file());
    String text = Files.readString(source);
    assertThat(text).as(mutant.toString()).contains(mutant.text());
    int at = text.indexOf(mutant.text());
    String changed =
        text.substring(0, at) + mutant.instead() + text.substring(at + mutant.text().length());
    if (mutant.text().startsWith("case COMMITTED")) {
      changed = changed.replace("case OPEN, ABORTED ->", "case OPEN, COMMITTED ->");
    }
    Path classes = compiled(mutant.file(), changed);
    Figures.add("mutants", 1);
    Optional<Throwable> noticed =
        told(classes, mutant.seenBy(), STEP).or(() -> told(classes, mutant.seenBy(), 1));
    assertThat(noticed).as("noticed: " + mutant).isPresent();
    Figures.add("caught", 1);
  }

  private Path compiled(String file, String text) throws IOException {
    Path source = temp.resolve("src").resolve(file);
    Files.createDirectories(source.getParent());
    Files.writeString(source, text);
    Path classes = Files.createDirectory(temp.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-nowarn",
                "-proc:none",
                "-parameters",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(status).as("the mutant compiles: " + file).isZero();
    return classes;
  }

  /** The story with the mutant's classes before ours; what was noticed, if anything was. */
  private Optional<Throwable> told(Path classes, Story story, int step) {
    try (Mutated loader = new Mutated(classes)) {
      Class<?> type = loader.loadClass(Story.class.getName());
      Object one =
          Arrays.stream(type.getEnumConstants())
              .filter(s -> s.toString().equals(story.name()))
              .findFirst()
              .orElseThrow();
      Method every = type.getDeclaredMethod("every", Path.class, int.class);
      every.setAccessible(true);
      Object _ = every.invoke(one, temp.resolve("story" + step), step);
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.of(e.getCause());
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Our own classes anew, those of the mutant first; everything else is shared. */
  private static final class Mutated extends URLClassLoader {
    Mutated(Path classes) throws MalformedURLException {
      super(urls(classes), StoryMutants.class.getClassLoader());
    }

    private static URL[] urls(Path classes) throws MalformedURLException {
      String[] path = System.getProperty("java.class.path").split(File.pathSeparator);
      URL[] urls = new URL[path.length + 1];
      urls[0] = classes.toUri().toURL();
      for (int i = 0; i < path.length; i++) {
        urls[i + 1] = Path.of(path[i]).toUri().toURL();
      }
      return urls;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.tars.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }
}
