package io.cardea.provider.playground.web;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardResource;

/** Serves the pages' style sheet; the annotations say all. */
@Component(service = StyleSheet.class)
@HttpWhiteboardContextSelect(PlaygroundContext.SELECT)
@HttpWhiteboardResource(pattern = "/style.css", prefix = "/web/style.css")
public final class StyleSheet {}
