package dev.tars.runner.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The types of the variables, so that a misspelt field is found when a file is loaded. */
final class Types implements CelTypeProvider {
  private final ImmutableMap<String, CelType> structs;
  private final ImmutableMap<String, CelType> variables;
  private final ImmutableSet<String> fields;

  private Types(Map<String, CelType> structs, Map<String, CelType> variables, Set<String> fields) {
    this.structs = ImmutableMap.copyOf(structs);
    this.variables = ImmutableMap.copyOf(variables);
    this.fields = ImmutableSet.copyOf(fields);
  }

  static Types all() {
    Structs types = new Structs(new LinkedHashMap<>(), new TreeSet<>());
    Map<String, CelType> declared = new LinkedHashMap<>();
    CelType file =
        types.struct(
            "tars.File",
            "path",
            SimpleType.STRING,
            "operation",
            SimpleType.STRING,
            "kind",
            SimpleType.STRING,
            "size",
            SimpleType.INT,
            "mode",
            SimpleType.STRING,
            "binary",
            SimpleType.BOOL,
            "linesAdded",
            SimpleType.INT,
            "linesRemoved",
            SimpleType.INT);
    CelType finding =
        types.struct(
            "tars.Finding",
            "rule",
            SimpleType.STRING,
            "severity",
            SimpleType.STRING,
            "path",
            SimpleType.STRING,
            "message",
            SimpleType.STRING);
    CelType step =
        types.struct(
            "tars.Step",
            "result",
            SimpleType.STRING,
            "exitCode",
            SimpleType.INT,
            "millis",
            SimpleType.INT);
    CelType gate = types.struct("tars.Gate", "result", SimpleType.STRING, "millis", SimpleType.INT);
    CelType output =
        types.struct("tars.OutputFile", "text", SimpleType.STRING, "json", SimpleType.DYN);
    declared.put(
        "change",
        types.struct(
            "tars.Change",
            "files",
            ListType.create(file),
            "directories",
            ListType.create(SimpleType.STRING),
            "linesAdded",
            SimpleType.INT,
            "linesRemoved",
            SimpleType.INT,
            "totalSize",
            SimpleType.INT));
    declared.put(
        "actor", types.struct("tars.Actor", "user", SimpleType.STRING, "kind", SimpleType.STRING));
    declared.put(
        "run",
        types.struct(
            "tars.Run",
            "steps",
            MapType.create(SimpleType.STRING, step),
            "dryRun",
            SimpleType.BOOL));
    declared.put("gates", MapType.create(SimpleType.STRING, gate));
    declared.put(
        "tests",
        types.struct(
            "tars.Tests",
            "run",
            SimpleType.INT,
            "failed",
            SimpleType.INT,
            "skipped",
            SimpleType.INT,
            "fixed",
            SimpleType.INT,
            "broken",
            SimpleType.INT,
            "vanished",
            SimpleType.INT));
    declared.put(
        "verdict",
        types.struct(
            "tars.Verdict", "result", SimpleType.STRING, "findings", ListType.create(finding)));
    declared.put(
        "output",
        types.struct(
            "tars.Output",
            "exitCode",
            SimpleType.INT,
            "text",
            SimpleType.STRING,
            "json",
            SimpleType.DYN,
            "files",
            MapType.create(SimpleType.STRING, output)));
    return new Types(types.byName(), declared, types.fields());
  }

  /** Structures as they are declared, and the names of all their fields. */
  private record Structs(Map<String, CelType> byName, Set<String> fields) {

    /** Names and types in turn. */
    CelType struct(String name, Object... namesAndTypes) {
      ImmutableMap.Builder<String, CelType> builder = ImmutableMap.builder();
      for (int i = 0; i < namesAndTypes.length; i += 2) {
        builder.put((String) namesAndTypes[i], (CelType) namesAndTypes[i + 1]);
      }
      ImmutableMap<String, CelType> types = builder.buildOrThrow();
      fields.addAll(types.keySet());
      CelType type =
          StructType.create(name, types.keySet(), field -> Optional.ofNullable(types.get(field)));
      byName.put(name, type);
      return type;
    }
  }

  CelType variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  /** Every field of every type, for suggestions. */
  Set<String> fields() {
    return fields;
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableSet.copyOf(structs.values());
  }

  @Override
  public Optional<CelType> findType(String typeName) {
    return Optional.ofNullable(structs.get(typeName));
  }
}
