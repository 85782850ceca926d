package dev.tars.runner.run;

import dev.tars.runner.bundle.Bundle;
import dev.tars.runner.bundle.BundleFile;
import dev.tars.runner.model.Digest;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** What of a bundle goes into a context: contents, the plan, and what its steps printed there. */
final class BundleCopy {
  /** The signed statement; it names every byte that the other machine vouches for. */
  static final String BUNDLE = "bundle.json";

  private static final String PLAN = "improvement.yaml";

  private final StoreLayout layout;
  private final ContextDir dir;
  private final boolean gates;

  /**
   * @param gates true if what its gates left counts here
   */
  BundleCopy(StoreLayout layout, ContextDir dir, boolean gates) {
    this.layout = layout;
    this.dir = dir;
    this.gates = gates;
  }

  void keep(BundleFile file, Bundle bundle) {
    dir.write(BUNDLE, bundle.signed().toArray());
    file.copy(bundle, this::place);
  }

  private Optional<OutputStream> place(String name, Digest digest) {
    if (name.startsWith("objects/")) {
      return layout.objects().has(digest) && layout.objects().renew(digest)
          ? Optional.empty()
          : Optional.of(layout.objects().receive(digest));
    }
    if (name.startsWith("steps/") || (gates && name.startsWith("gates/"))) {
      return Optional.of(dir.append(name));
    }
    return name.equals(PLAN) || (gates && name.startsWith("gate-"))
        ? Optional.of(new Whole(name))
        : Optional.empty();
  }

  private final class Whole extends ByteArrayOutputStream {
    private final String name;

    Whole(String name) {
      this.name = name;
    }

    @Override
    public void close() throws IOException {
      super.close();
      dir.write(name, toByteArray());
    }
  }
}
