package io.github.godwit.host.migrate.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.unit.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostcopyResumeTest {

    private static final Version NEW = new Version(12, 9, 0);

    @ParameterizedTest
    @CsvSource({"8.5.0", "9.0.0", "11.1.0", "11.4.0", "12.9.0"})
    void theseReleasesCan(String version) {
        assertThat(PostcopyResume.obstacle(NEW, "h2", Version.parse(version))).isEmpty();
        assertThat(PostcopyResume.obstacle(Version.parse(version), "h2", NEW)).isEmpty();
    }

    /** The regression of 11.2.0 is one of the destination. */
    @ParameterizedTest
    @CsvSource({"11.2.0", "11.3.0", "11.3.1"})
    void theseCrashAsTheDestination(String version) {
        assertThat(PostcopyResume.obstacle(NEW, "h2", Version.parse(version)))
                .hasValueSatisfying(why -> assertThat(why).contains("libvirt " + version + " of h2 crashes", "11.4.0"));
        assertThat(PostcopyResume.obstacle(Version.parse(version), "h2", NEW)).isEmpty();
    }

    @Test
    void olderReleasesCannot() {
        Version old = Version.parse("8.4.0");
        assertThat(PostcopyResume.obstacle(old, "h2", NEW))
                .contains("libvirt 8.4.0 of this host cannot resume post-copy; 8.5.0 and later ones can");
        assertThat(PostcopyResume.obstacle(NEW, "h2", old))
                .contains("libvirt 8.4.0 of h2 cannot resume post-copy; 8.5.0 and later ones can");
    }

    @Test
    void ofAnUnknownVersionNothingIsExpected() {
        assertThat(PostcopyResume.obstacle(NEW, "h2", null)).contains("the version of libvirt on h2 is not known");
    }
}
