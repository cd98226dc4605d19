package io.github.godwit.training.evaluate;

import io.github.godwit.training.data.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The folds of a cross-validation: which samples are tested together.
 *
 * @param names the folds' names
 * @param of    returns the name of the fold of a sample
 */
public record Folds(List<String> names, Function<Sample, String> of) {

    /** Random folds by VM: all rows of a VM are in the same fold, because they depend on each other. */
    public static Folds byVm(List<Sample> samples, int count, long seed) {
        List<String> vms = new ArrayList<>(
                samples.stream().map(Sample::vm).distinct().sorted().toList());
        Collections.shuffle(vms, new Random(seed));
        Map<String, String> folds = new HashMap<>();
        for (int i = 0; i < vms.size(); i++) {
            folds.put(vms.get(i), Integer.toString(i % count));
        }
        return new Folds(folds.values().stream().distinct().sorted().toList(), sample -> folds.get(sample.vm()));
    }

    /** One fold for each workload family, so that the tested family is unseen in training. */
    public static Folds byFamily(List<Sample> samples) {
        return new Folds(
                samples.stream()
                        .map(sample -> sample.row().family())
                        .distinct()
                        .sorted()
                        .toList(),
                sample -> sample.row().family());
    }

    /** Samples outside a fold, to train on. */
    List<Sample> outside(List<Sample> samples, String fold) {
        return samples.stream().filter(sample -> !of.apply(sample).equals(fold)).collect(Collectors.toList());
    }

    /** Samples in a fold, to test on. */
    List<Sample> inside(List<Sample> samples, String fold) {
        return samples.stream().filter(sample -> of.apply(sample).equals(fold)).collect(Collectors.toList());
    }
}
