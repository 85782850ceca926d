package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the virtual machine itself throws, as a user meets it. */
class FailuresTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(new ByteArrayOutputStream()), new PrintStream(err));

  @CommandLine.Command(name = "exhausts")
  private static final class Exhausts implements Runnable {
    private final Supplier<Error> error;

    private Exhausts(Supplier<Error> error) {
      this.error = error;
    }

    @Override
    public void run() {
      throw error.get();
    }
  }

  @Test
  void whatIsTooLargeOrTooDeepIsALimitAndNoFault() {
    CommandLine heap = new CommandLine(new Exhausts(() -> new OutOfMemoryError("Java heap space")));
    CommandLine stack = new CommandLine(new Exhausts(StackOverflowError::new));
    Failures failures = new Failures(console);
    heap.setExecutionExceptionHandler(failures);
    assertThatThrownBy(heap::execute).isInstanceOf(OutOfMemoryError.class); // without Main

    assertThat(Main.execute(heap, new String[0], failures)).isEqualTo(16);
    assertThat(Main.execute(stack, new String[0], failures)).isEqualTo(16);
    console.flush();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("error[TARS-RESOURCE-LIMIT]: there is not enough memory", "nested too deeply")
        .contains("= help: ")
        .doesNotContain("\tat ");
  }

  @Test
  void anArgumentThatWasNoTextNamesNothing() {
    String[] named = {"improve", "create", "--help", "a\u00e9b"};
    String[] lost = {"improve", "create", "--help", "a\ufffdb"}; // a, 0xff, b as the VM gives it
    assertThat(Main.run(named, console)).isZero();
    assertThat(Main.run(lost, console)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("an argument is not UTF-8");
  }

  @Test
  void anAnswerThatIsFalseIsNotTakenForTheOther() {
    for (String answer : new String[] {"--approve=false", "--reject=false"}) {
      String[] review = {"execute", "review", "--context-id", "CTX-1", answer};
      assertThat(Main.run(review, console)).isEqualTo(2);
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .containsPattern("(?s)decides nothing.*decides nothing");
  }

  @Test
  void whatTheDiskSaysIsNoFaultEither() {
    CommandLine line = new CommandLine(new Fails());
    line.setExecutionExceptionHandler(new Failures(console));
    assertThat(line.execute()).isEqualTo(5);
    console.flush();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("error[TARS-IO-FAILED]: open /state/keys", "= help: ");
  }

  @CommandLine.Command(name = "fails")
  private static final class Fails implements Runnable {
    @Override
    public void run() {
      throw new DiskException(Errno.EACCES, "open", "/state/keys");
    }
  }
}
