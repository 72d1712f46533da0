/* On a phone the tabs are one row: begin with the one that is shown. */
"use strict";
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
