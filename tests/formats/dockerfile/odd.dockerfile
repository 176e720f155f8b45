# escape=`
FROM windows `
  AS base
RUN echo a `
  b
???
CMD ["broken", 
RUN <<EOF
never closed