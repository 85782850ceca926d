package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Digest;
import java.util.Optional;

/** Checks the chain and every checkpoint of a log. */
final class LogVerifier {
  /** How many other records may stand between a record and the checkpoint that signs it. */
  private static final int RECENT = 1 << 16;

  private final SigningKey key;
  private final String workspace;

  LogVerifier(SigningKey key, String workspace) {
    this.key = key;
    this.workspace = workspace;
  }

  /**
   * Checks all lines, one at a time; the file is read and never held.
   *
   * @param everySignature false to check that of the last checkpoint alone. It covers all before
   *     it: a runner signs only after it has checked the checkpoint before. Whoever finds a problem
   *     so looks again at every one, for the first that is wrong
   */
  AuditVerification verify(
      Optional<ForwardLines> log, Optional<ObjectNode> anchor, boolean everySignature) {
    State state = new State(anchor, everySignature);
    if (log.isPresent()) {
      ForwardLines lines = log.get();
      Optional<byte[]> line = lines.next();
      while (line.isPresent() && state.problem.isEmpty()) {
        state.line(line.get());
        line = lines.next();
      }
      if (state.problem.isEmpty() && lines.isTorn()) {
        state.fail("the last record is torn; the next command that changes something cuts it off");
      }
    }
    if (state.problem.isEmpty() && state.last.isPresent() && !key.verify(state.last.get())) {
      state.problem =
          Optional.of("the last checkpoint is not signed by this state directory's key");
    }
    if (state.problem.isEmpty() && anchor.isPresent() && !state.anchored) {
      state.problem =
          Optional.of(
              "the log ends before record " + anchor.get().path("seq").asLong() + " of the anchor");
    }
    return new AuditVerification(state.seq, state.checkpoints, state.anchored, state.problem);
  }

  private final class State {
    private final Optional<ObjectNode> anchor;
    private long seq;
    private Digest previous = Digest.of(new byte[0]);
    private final Digest[] hashes = new Digest[RECENT];
    private final boolean everySignature;
    private int checkpoints;
    private Optional<ObjectNode> last = Optional.empty();
    private boolean anchored;
    private Optional<String> problem = Optional.empty();

    State(Optional<ObjectNode> anchor, boolean everySignature) {
      this.anchor = anchor;
      this.everySignature = everySignature;
    }

    void line(byte[] line) {
      AuditRecord record;
      try {
        record = AuditRecord.parse(line);
      } catch (IllegalArgumentException e) {
        fail(String.valueOf(e.getMessage()));
        return;
      }
      if (record.seq() != seq + 1) {
        fail("it says it is record " + record.seq());
      } else if (!record.previous().equals(previous)) {
        fail("it does not follow the record before");
      } else if (seq == 0 && !isGenesis(record)) {
        fail("the log does not begin with this workspace's first record");
      } else {
        accept(record);
      }
    }

    private boolean isGenesis(AuditRecord record) {
      return record.type().equals("genesis")
          && record.payload().path("workspace").asText().equals(workspace);
    }

    private void accept(AuditRecord record) {
      if (record.type().equals("checkpoint") && !isValid(record)) {
        fail(
            "the checkpoint is not signed by this state directory's key, or is about another record");
        return;
      }
      seq = record.seq();
      previous = record.hash();
      hashes[(int) (seq % RECENT)] = previous;
      checkpoints += record.type().equals("checkpoint") ? 1 : 0;
      anchor
          .filter(a -> a.path("seq").asLong() == seq)
          .ifPresent(a -> {
            anchored = a.path("hash").asText().equals(previous.hex());
            if (!anchored) {
              problem = Optional.of("record " + seq + " is not the one of the anchor");
            }
          });
    }

    private boolean isValid(AuditRecord record) {
      last = Optional.of(record.payload());
      return (!everySignature || key.verify(record.payload()))
          && record.payload().path("workspace").asText().equals(workspace)
          && isInChain(record.payload().path("seq").asLong(), record.payload().path("hash"));
    }

    /** Another process may have appended between the record that is signed and the signature. */
    private boolean isInChain(long number, JsonNode hash) {
      return number >= 1
          && number <= seq
          && number > seq - RECENT
          && hash.asText().equals(hashes[(int) (number % RECENT)].hex());
    }

    private void fail(String why) {
      problem = Optional.of("record " + (seq + 1) + " does not verify: " + why);
    }
  }
}
