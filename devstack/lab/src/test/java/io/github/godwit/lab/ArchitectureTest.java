package io.github.godwit.lab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.godwit.host.vm.MachineAccelerator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Dependencies point downwards, between modules and between the packages of each module. The lab may use every module except
 * training; training may use the model and the API records of its rows.
 */
@AnalyzeClasses(packages = "io.github.godwit", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String MODEL = "io.github.godwit.model..";
    private static final String COMMON = "io.github.godwit.common..";
    private static final String HOST_API = "io.github.godwit.hostapi..";
    private static final String HOST = "io.github.godwit.host..";
    private static final String NOVA = "io.github.godwit.nova..";
    private static final String STRATEGY = "io.github.godwit.strategy..";

    /** A package with more files mixes concerns. */
    private static final int MOST_FILES = 25;

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.github.godwit..")
            .layer("watcher-strategy")
            .definedBy(STRATEGY)
            .layer("nova-hook")
            .definedBy(NOVA)
            .layer("host-driver")
            .definedBy(HOST)
            .layer("host-api")
            .definedBy(HOST_API)
            .layer("migration-model")
            .definedBy(MODEL)
            .layer("common")
            .definedBy(COMMON)
            .optionalLayer("lab")
            .definedBy("io.github.godwit.lab..")
            .whereLayer("watcher-strategy")
            .mayOnlyAccessLayers("nova-hook", "host-api", "migration-model", "common")
            .whereLayer("nova-hook")
            .mayNotAccessAnyLayer()
            .whereLayer("host-driver")
            .mayOnlyAccessLayers("host-api", "migration-model", "common")
            .whereLayer("host-api")
            .mayOnlyAccessLayers("migration-model")
            .whereLayer("migration-model")
            .mayNotAccessAnyLayer()
            .whereLayer("common")
            .mayNotAccessAnyLayer();

    /** Every package of every module is a slice: {@code host.migrate} and {@code host.migrate.qemu} are two. */
    @ArchTest
    static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
            slices().matching("io.github.godwit.(**)").should().beFreeOfCycles();

    @ArchTest
    static void noPackageHasMoreFilesThanAReaderCanHoldInMind(JavaClasses classes) {
        Map<String, Long> files = classes.stream()
                .filter(each -> each.getEnclosingClass().isEmpty())
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        assertThat(files)
                .allSatisfy((name, count) ->
                        assertThat(count).as("%s has %d files", name, count).isLessThanOrEqualTo(MOST_FILES));
    }

    @ArchTest
    static final ArchRule THE_MODEL_DOES_NO_IO = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net.http..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    "java.sql..",
                    "com.fasterxml..",
                    "org.slf4j..")
            .because("decisions must be testable without a machine");

    /** The lab uses host drivers through their REST API, as any client does. Only the choice of the accelerator is shared. */
    @ArchTest
    static final ArchRule THE_LAB_SEES_HOST_DRIVERS_FROM_OUTSIDE = noClasses()
            .that()
            .resideInAPackage("io.github.godwit.lab..")
            .should()
            .dependOnClassesThat(resideInAPackage(HOST).and(not(equivalentTo(MachineAccelerator.class))));
}
