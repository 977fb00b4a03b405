// Jcrop, which marks the important area of a picture, asks whether a finger can by writing event
// attributes into the page. Our policy forbids them, so that it is told the answer.

window.jQuery.Jcrop.defaults.touchSupport = "ontouchstart" in window;
