/** The profiles that are known, each part with its age. */
package io.github.godwit.host.profile.known;
