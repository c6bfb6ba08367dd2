document.body.textContent = "The page is on its way.";
