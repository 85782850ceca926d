package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Removes containers and volumes of this state directory whose runner is dead. */
final class Sweep {
  private final EngineClient engine;
  private final Labels labels;

  Sweep(EngineClient engine, Labels labels) {
    this.engine = engine;
    this.labels = labels;
  }

  /** What was found; removed too, unless this is a dry run. */
  List<String> run(boolean dryRun) {
    List<String> found = new ArrayList<>();
    Map<String, String> ours = Map.of(Labels.STATE_DIR, labels.stateDir());
    List<Container> containers =
        engine.ask(
            "list containers",
            () ->
                engine.docker().listContainersCmd().withShowAll(true).withLabelFilter(ours).exec());
    for (Container container : containers) {
      if (labels.isLeftover(container.getLabels())) {
        found.add("container " + container.getId().substring(0, 12));
        if (!dryRun) {
          engine.run(
              "remove a container",
              () ->
                  engine
                      .docker()
                      .removeContainerCmd(container.getId())
                      .withForce(true)
                      .withRemoveVolumes(true)
                      .exec());
        }
      }
    }
    List<InspectVolumeResponse> volumes =
        engine.ask(
            "list volumes",
            () ->
                engine
                    .docker()
                    .listVolumesCmd()
                    .withFilter("label", List.of(Labels.STATE_DIR + "=" + labels.stateDir()))
                    .exec()
                    .getVolumes());
    for (InspectVolumeResponse volume :
        volumes == null ? List.<InspectVolumeResponse>of() : volumes) {
      if (labels.isLeftover(volume.getLabels())) {
        found.add("volume " + volume.getName());
        if (!dryRun) {
          engine.run(
              "remove a volume", () -> engine.docker().removeVolumeCmd(volume.getName()).exec());
        }
      }
    }
    return found;
  }
}
