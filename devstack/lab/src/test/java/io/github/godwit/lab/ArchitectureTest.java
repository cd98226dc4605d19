package io.github.godwit.lab;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.godwit.host.vm.MachineAccelerator;

/** The arrows of dependency between the modules; only downwards. The lab sees all modules but training, which sees the model alone. */
@AnalyzeClasses(packages = "io.github.godwit", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String MODEL = "io.github.godwit.model..";
    private static final String HOST = "io.github.godwit.host..";
    private static final String NOVA = "io.github.godwit.nova..";
    private static final String STRATEGY = "io.github.godwit.strategy..";

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.github.godwit..")
            .layer("watcher-strategy")
            .definedBy(STRATEGY)
            .layer("nova-hook")
            .definedBy(NOVA)
            .layer("host-driver")
            .definedBy(HOST)
            .layer("migration-model")
            .definedBy(MODEL)
            .optionalLayer("lab")
            .definedBy("io.github.godwit.lab..")
            .whereLayer("watcher-strategy")
            .mayOnlyAccessLayers("nova-hook", "migration-model")
            .whereLayer("nova-hook")
            .mayOnlyAccessLayers("migration-model")
            .whereLayer("host-driver")
            .mayOnlyAccessLayers("migration-model")
            .whereLayer("migration-model")
            .mayNotAccessAnyLayer();

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
            .because("what is decided must be testable without a machine");

    /** The lab drives agents as anyone would, by their REST API; how guests run on this machine is decided in one place for both. */
    @ArchTest
    static final ArchRule THE_LAB_SEES_AGENTS_FROM_OUTSIDE = noClasses()
            .that()
            .resideInAPackage("io.github.godwit.lab..")
            .should()
            .dependOnClassesThat(resideInAPackage(HOST).and(not(equivalentTo(MachineAccelerator.class))));
}
