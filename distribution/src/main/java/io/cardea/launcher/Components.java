package io.cardea.launcher;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Cardea's own Declarative Services components: without them it never becomes ready, and they know why, say because the
 * vault's key is missing. By reflection, for the launcher has no class of any bundle.
 */
final class Components {
    private static final String RUNTIME = "org.osgi.service.component.runtime.ServiceComponentRuntime";
    // ComponentConfigurationDTO's
    private static final int UNSATISFIED_REFERENCE = 2;
    private static final int FAILED_ACTIVATION = 16;
    private static final String OURS = "io.cardea.";
    // The first of nested exceptions that says anything: the others are the reflection that made the component.
    private static final Pattern MESSAGE = Pattern.compile("(?m)^(?:Caused by: )?[\\w.$]+: (.+)$");

    // What Felix says of those that failed because another one did.
    private static final String FOR_WANT_OF_ANOTHER = "Unable to get service";

    private final BundleContext framework;

    Components(BundleContext framework) {
        this.framework = framework;
    }

    /** Why one of them failed; absent when none did, or when that cannot be told. */
    Optional<String> failure() {
        return first(configuration -> {
            if (!Integer.valueOf(FAILED_ACTIVATION).equals(field(configuration, "state"))) {
                return Optional.empty();
            }
            return Optional.of(message(String.valueOf(field(configuration, "failure"))))
                    .filter(message -> !message.startsWith(FOR_WANT_OF_ANOTHER));
        });
    }

    /** The service that one of them is configured to wait for; absent when none waits, or when that cannot be told. */
    Optional<String> missing() {
        return first(configuration -> {
            if (!Integer.valueOf(UNSATISFIED_REFERENCE).equals(field(configuration, "state"))) {
                return Optional.empty();
            }
            for (Object reference : (Object[]) field(configuration, "unsatisfiedReferences")) {
                Object target = field(reference, "target");
                if (target != null) {
                    return Optional.of("no bundle publishes the service " + target);
                }
            }
            return Optional.empty();
        });
    }

    private interface Question {
        Optional<String> of(Object configuration) throws ReflectiveOperationException;
    }

    private Optional<String> first(Question question) {
        ServiceReference<?> reference = framework.getServiceReference(RUNTIME);
        if (reference == null) {
            return Optional.empty();
        }
        try {
            Object runtime = framework.getService(reference);
            Class<?> type = reference.getBundle().loadClass(RUNTIME);
            Object all = type.getMethod("getComponentDescriptionDTOs", Bundle[].class)
                    .invoke(runtime, (Object) new Bundle[0]);
            for (Object component : (Collection<?>) all) {
                if (String.valueOf(field(component, "implementationClass")).startsWith(OURS)) {
                    Object configurations = type.getMethod("getComponentConfigurationDTOs", component.getClass())
                            .invoke(runtime, component);
                    for (Object configuration : (Collection<?>) configurations) {
                        Optional<String> answer = question.of(configuration);
                        if (answer.isPresent()) {
                            return answer;
                        }
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        } finally {
            framework.ungetService(reference);
        }
        return Optional.empty();
    }

    private static Object field(Object dto, String name) throws ReflectiveOperationException {
        return dto.getClass().getField(name).get(dto);
    }

    static String message(String stackTrace) {
        Matcher message = MESSAGE.matcher(stackTrace);
        return message.find()
                ? message.group(1)
                : stackTrace.lines().findFirst().orElse("").strip();
    }
}
