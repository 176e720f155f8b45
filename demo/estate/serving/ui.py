import streamlit as st

from serving.app import explain

st.title("Why was my card declined?")
answer = explain(st.text_input("Question"))
st.markdown(answer, unsafe_allow_html=True)
