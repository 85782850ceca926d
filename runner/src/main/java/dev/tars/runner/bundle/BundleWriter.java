package dev.tars.runner.bundle;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.KeptEvidence;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes the evidence of a context as one signed file. */
public final class BundleWriter {
  private static final String OBJECTS = "objects/";

  private final KeptEvidence evidence;
  private final ObjectStore objects;
  private final AuditLog log;

  public BundleWriter(KeptEvidence evidence, ObjectStore objects, AuditLog log) {
    this.evidence = evidence;
    this.objects = objects;
    this.log = log;
  }

  /** A bundle that can be written any number of times. */
  @FunctionalInterface
  public interface Ready {
    void to(OutputStream out) throws IOException;
  }

  /**
   * Signs what is there now. What is written afterwards is that, or the writing fails.
   *
   * @param context as it is kept, at its end and with a verdict
   */
  public Ready sign(ContextRecord context, ChangeSet changes, Instant at) throws IOException {
    List<BundleStatement.Entry> files = new ArrayList<>();
    for (String name : evidence.names()) {
      files.add(entry(name, out -> evidence.copy(name, out)));
    }
    for (Digest digest : contents(changes)) {
      files.add(entry(OBJECTS + digest.hex(), out -> copy(digest, out)));
    }
    BundleStatement statement = new BundleStatement(subject(context, changes, at), files);
    byte[] envelope = Dsse.sign(statement.write(), log);
    if (envelope.length > BundleLimits.STATEMENT) {
      throw new RunnerException(
          FailureCode.RESOURCE_LIMIT,
          "the change has too many files for a bundle",
          "take it elsewhere as a patch: `tarscli execute diff`");
    }
    return out -> {
      out.write(TarHeader.of(BundleStatement.NAME, envelope.length));
      out.write(envelope);
      out.write(new byte[TarHeader.padding(envelope.length)]);
      for (BundleStatement.Entry file : files) {
        out.write(TarHeader.of(file.name(), file.size()));
        requireSame(file, entry(file.name(), content(file), out));
        out.write(new byte[TarHeader.padding(file.size())]);
      }
      out.write(new byte[2 * TarHeader.BLOCK]);
      out.flush();
    };
  }

  private static BundleStatement.Subject subject(
      ContextRecord context, ChangeSet changes, Instant at) {
    return new BundleStatement.Subject(
        context.id(),
        context.origin().improvement().id(),
        context.origin().place().user(),
        at,
        context.origin().options().dryRun(),
        changes.baseDigest(),
        context.origin().policy().digest(),
        context.evidence().image().orElseThrow(),
        ChangeSets.digest(changes));
  }

  private static Set<Digest> contents(ChangeSet changes) {
    Set<Digest> contents = new TreeSet<>();
    for (Change change : changes.changes()) {
      if (change.after().orElse(null) instanceof TreeEntry.RegularFile file) {
        contents.add(file.content());
      }
    }
    return contents;
  }

  private Ready content(BundleStatement.Entry file) {
    return file.name().startsWith(OBJECTS)
        ? out -> copy(file.sha256(), out)
        : out -> evidence.copy(file.name(), out);
  }

  private void copy(Digest digest, OutputStream out) throws IOException {
    try (InputStream in = objects.open(digest)) {
      in.transferTo(out);
    }
  }

  private static BundleStatement.Entry entry(String name, Ready content) throws IOException {
    return entry(name, content, OutputStream.nullOutputStream());
  }

  private static BundleStatement.Entry entry(String name, Ready content, OutputStream out)
      throws IOException {
    if (!BundleStatement.isName(name)) {
      throw RunnerException.of(FailureCode.INTEGRITY, "the context has a file that no run leaves")
          .help("move it away; `tarscli audit show` says what the run did");
    }
    MessageDigest hash = Digest.sha256();
    Counted counted = new Counted(new DigestOutputStream(out, hash));
    content.to(counted);
    return new BundleStatement.Entry(name, counted.bytes, Digest.finish(hash));
  }

  private static void requireSame(BundleStatement.Entry signed, BundleStatement.Entry written) {
    if (!signed.equals(written)) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, signed.name() + " changed while it was exported")
          .help("export it again when nothing writes to the state directory");
    }
  }

  private static final class Counted extends FilterOutputStream {
    private long bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      bytes++;
    }

    @Override
    public void write(byte[] from, int at, int length) throws IOException {
      out.write(from, at, length);
      bytes += length;
    }
  }
}
